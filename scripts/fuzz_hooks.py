"""What the generated requests do not know of the contract."""

import uuid

import schemathesis


@schemathesis.hook
def before_call(context, case, **kwargs):
    """A key that was used before answers as it did then, whatever the body: each call gets a key of its own."""
    if case.headers and "Idempotency-Key" in case.headers:
        given = case.headers["Idempotency-Key"]
        try:
            uuid.UUID(str(given))
        except ValueError:
            return
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
