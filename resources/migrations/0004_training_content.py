"""A module's one text becomes content blocks, in the published rows and in every version that was kept."""

import json
import uuid

import django.core.validators
import kb.core.fields
import resources.training.models
from django.db import migrations, models


def body_to_content(apps, schema_editor):
    keys = {}
    for pk, body in _modules(apps).values_list("pk", "body"):
        keys[pk] = resources.training.models.new_key()
        _modules(apps).filter(pk=pk).update(content=_blocks(body), key=keys[pk])
    for revision, modules in _revisions(apps):
        for module in modules:
            module["content"] = json.dumps(_blocks(module.pop("body", "")))
            module["key"] = keys.get(module.get("pk")) or resources.training.models.new_key()
            module["quiz"], module["pass_mark"] = "[]", 70
        revision.save(update_fields=["content"])


def content_to_body(apps, schema_editor):
    """What was text is text again; cases, reveals and questions have no place there."""
    for module in _modules(apps):
        body = "".join(block.value.source for block in module.content if block.block_type == "text")
        _modules(apps).filter(pk=module.pk).update(body=body)
    for revision, modules in _revisions(apps):
        for module in modules:
            blocks = json.loads(module.pop("content", "[]"))
            module["body"] = "".join(block["value"] for block in blocks if block["type"] == "text")
            for name in ("key", "quiz", "pass_mark"):
                module.pop(name, None)
        revision.save(update_fields=["content"])


def _blocks(body):
    return [{"type": "text", "value": body, "id": str(uuid.uuid4())}]


def _modules(apps):
    return apps.get_model("resources", "TrainingModule").objects.all()


def _revisions(apps):
    """Versions of trainings, with their modules as they stand in the version's JSON."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    training = ContentType.objects.filter(app_label="resources", model="training").first()
    if training is None:
        return
    for revision in apps.get_model("wagtailcore", "Revision").objects.filter(content_type=training).iterator():
        yield revision, revision.content.get("modules", [])


class Migration(migrations.Migration):

    dependencies = [
        ('resources', '0003_demonstration'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='trainingmodule',
            name='content',
            field=kb.core.fields.CleanStreamField([('text', 0), ('case', 3), ('reveal', 6), ('document', 9)], block_lookup={0: ('kb.core.blocks.CleanRichTextBlock', (), {'label': 'Texte', 'template': 'resources/training/text.html'}), 1: ('kb.core.blocks.CleanRichTextBlock', (), {'help_text': 'Un cas concret, qui se termine par une question.', 'label': 'situation'}), 2: ('kb.core.blocks.CleanRichTextBlock', (), {'label': 'une réponse possible'}), 3: ('wagtail.blocks.StructBlock', [[('situation', 1), ('answer', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'titre', 'max_length': 120}), 5: ('kb.core.blocks.CleanRichTextBlock', (), {'label': 'texte'}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Tel qu’il est affiché sous «\xa0Fichiers\xa0», plus bas.', 'label': 'nom du fichier', 'max_length': 150}), 8: ('wagtail.blocks.TextBlock', (), {'label': 'ce que l’on y trouve', 'max_length': 300, 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('name', 7), ('note', 8)]], {})}, default=[], verbose_name='contenu'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='trainingmodule',
            name='key',
            field=models.CharField(blank=True, default=resources.training.models.new_key, max_length=8),
        ),
        migrations.AddField(
            model_name='trainingmodule',
            name='pass_mark',
            field=models.PositiveSmallIntegerField(default=70, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='bonnes réponses demandées, en %'),
        ),
        migrations.AddField(
            model_name='trainingmodule',
            name='quiz',
            field=kb.core.fields.CleanStreamField([('single', 6), ('multiple', 9), ('true_false', 13), ('ordering', 19), ('gap', 23)], blank=True, block_lookup={0: ('wagtail.blocks.TextBlock', (), {'label': 'question', 'max_length': 600}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'réponse', 'max_length': 300}), 2: ('wagtail.blocks.BooleanBlock', (), {'label': 'bonne réponse', 'required': False}), 3: ('wagtail.blocks.TextBlock', (), {'help_text': 'Pourquoi, et que faire plutôt.', 'label': 'retour', 'max_length': 600}), 4: ('wagtail.blocks.StructBlock', [[('text', 1), ('right', 2), ('feedback', 3)]], {'label': 'Réponse'}), 5: ('wagtail.blocks.ListBlock', (4,), {'label': 'réponses', 'max_num': 8, 'min_num': 2}), 6: ('wagtail.blocks.StructBlock', [[('text', 0), ('answers', 5)]], {}), 7: ('wagtail.blocks.TextBlock', (), {'help_text': 'Dites qu’il y a plusieurs réponses.', 'label': 'question', 'max_length': 600}), 8: ('wagtail.blocks.ListBlock', (4,), {'label': 'réponses', 'max_num': 8, 'min_num': 3}), 9: ('wagtail.blocks.StructBlock', [[('text', 7), ('answers', 8)]], {}), 10: ('wagtail.blocks.TextBlock', (), {'label': 'affirmation', 'max_length': 600}), 11: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('true', 'vraie'), ('false', 'fausse')], 'label': 'elle est'}), 12: ('wagtail.blocks.TextBlock', (), {'label': 'explication', 'max_length': 600}), 13: ('wagtail.blocks.StructBlock', [[('text', 10), ('answer', 11), ('explanation', 12)]], {}), 14: ('wagtail.blocks.TextBlock', (), {'label': 'consigne', 'max_length': 600}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Étape', 'max_length': 300}), 16: ('wagtail.blocks.ListBlock', (15,), {'help_text': 'Elles seront mélangées.', 'label': 'étapes, dans le bon ordre', 'max_num': 8, 'min_num': 3}), 17: ('wagtail.blocks.TextBlock', (), {'label': 'retour si l’ordre est juste', 'max_length': 600}), 18: ('wagtail.blocks.TextBlock', (), {'help_text': 'Une piste, pas la solution.', 'label': 'retour s’il ne l’est pas', 'max_length': 600}), 19: ('wagtail.blocks.StructBlock', [[('text', 14), ('steps', 16), ('right', 17), ('wrong', 18)]], {}), 20: ('wagtail.blocks.TextBlock', (), {'help_text': 'Écrivez […] à la place du mot à trouver.', 'label': 'phrase', 'max_length': 600}), 21: ('wagtail.blocks.ListBlock', (4,), {'help_text': 'Toutes les écritures acceptées, et les erreurs que l’on fait souvent. Majuscules et accents ne comptent pas.', 'label': 'réponses prévues', 'max_num': 40, 'min_num': 1}), 22: ('wagtail.blocks.TextBlock', (), {'help_text': 'Une piste.', 'label': 'retour pour toute autre réponse', 'max_length': 600}), 23: ('wagtail.blocks.StructBlock', [[('text', 20), ('answers', 21), ('wrong', 22)]], {})}, verbose_name='questions'),
        ),
        migrations.AlterField(
            model_name='trainingmodule',
            name='duration_minutes',
            field=models.PositiveSmallIntegerField(help_text='De 5 à 15\xa0: le temps d’une pause.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='durée, en minutes'),
        ),
        migrations.RunPython(body_to_content, content_to_body),
        # On the way back the column is made empty first.
        migrations.AlterField(
            model_name='trainingmodule',
            name='body',
            field=kb.core.fields.CleanRichTextField(verbose_name='contenu', default=''),
        ),
        migrations.RemoveField(
            model_name='trainingmodule',
            name='body',
        ),
    ]
