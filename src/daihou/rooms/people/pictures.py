"""The square picture an authenticator app scans, drawn as SVG."""

from io import BytesIO
from urllib.parse import quote, urlencode

import qrcode
from django.conf import settings
from django.utils.safestring import SafeString
from qrcode.image.svg import SvgPathImage


def app_address(secret: str, *, login: str) -> str:
    """What the picture says: whose secret it is and of which house."""
    house = settings.LENDER_NAME or settings.MFA_TOTP_ISSUER
    label = quote(f"{house}:{login}")
    told = urlencode({"secret": secret, "issuer": house}, quote_via=quote)
    return f"otpauth://totp/{label}?{told}"


def app_picture(secret: str, *, login: str) -> SafeString:
    """The picture; its only content are squares, so it needs no escaping."""
    image = qrcode.make(
        app_address(secret, login=login), image_factory=SvgPathImage, border=2
    )
    out = BytesIO()
    image.save(out)
    drawn = out.getvalue().decode()
    return SafeString(drawn[drawn.index("<svg") :])
