"""The bundled data and the scripts that rebuild them."""
