"""What every desk uses: actor of a request, guard, confirmation, paging, forms, template tags, the gallery."""
