"""The classes of the transformers that is installed, 4.49 or 5; one that it lacks is `Missing`.

    import reference as t
    t.BertModel
"""

import transformers

VERSION = transformers.__version__
IS_5 = VERSION.startswith("5.")


class Missing:
    """Stands for a class, or a config, that the other version alone has: models of it are left out."""

    def __init__(self, **_):
        pass


def __getattr__(name: str):
    return getattr(transformers, name, Missing)
