"""The search room: finding what may be read.

What any engine sees is a `SearchDocument`; what is asked is a `SearchRequest`; what comes back is
`SearchResults`. Those three, the facets and the engines import no model: they are plain Python and are tested
without a database.
"""
