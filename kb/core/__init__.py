"""What every room stands on: base page, readers, cleaning of HTML, mails, periodic jobs. Imports no other room."""
