"""Views, a file a noun: serializers of this door beside the few lines that use them."""
