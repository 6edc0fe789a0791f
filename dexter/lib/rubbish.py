"""When the interpreter looks for rubbish: seldom, since what a request makes is nearly all freed without being looked for."""

import gc

MADE_BETWEEN = 50_000  # objects; Python's own 700 make a large page look many times through what it is still building


def settle() -> None:
    """To be called once the program is loaded: what it is made of itself is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN, 20, 20)
