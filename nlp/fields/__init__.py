"""The fields of a form, found however people write them."""
