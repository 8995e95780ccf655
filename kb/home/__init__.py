"""Pages that gather from several rooms: the home page, the lists, the site's fixed pages, feed, site map, health."""
