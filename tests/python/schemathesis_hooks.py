"""Gives generated requests what a schema cannot say."""

import itertools

import schemathesis

numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(numbers)
    positive = case.meta is None or case.meta.generation.mode.is_positive
    # Wrong tokens are counted by address; each request comes from its own, by the trusted proxy that we are.
    # Whoever shows no token is not counted.
    if "Authorization" not in case.headers:
        return
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    # A key stands for one request; the generator takes the same for many.
    if "Idempotency-Key" in case.headers and positive:
        case.headers["Idempotency-Key"] = f"key-{number}"
    # A cursor is what a list gave; a made-up one is refused, and that is right.
    for name in [name for name in case.query or {} if name == "cursor" and positive]:
        del case.query[name]
