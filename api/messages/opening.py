"""The channels of the settings, opened."""

from pathlib import Path

from api.messages.address import Way
from api.messages.channels import Channel
from api.messages.gateway import Gateway
from api.messages.mail import Mail
from api.messages.modem import Modem
from api.messages.settings import MessageSettings


def open_channels(settings: MessageSettings, data_dir: Path) -> dict[str, Channel]:
    """Return the channels there are, by their names.

    Raises
    ------
    SettingsError
        ``data-dir``: the key for notes on devices cannot be made.
    """
    channels: dict[str, Channel] = {}
    if settings.smtp_host:
        channels[Way.MAIL] = Mail(settings)
    if settings.sms_url:
        channels[Way.SMS] = Gateway(settings)
    if settings.sms_folder:
        channels[Way.SMS] = Modem(settings.sms_folder)
    if settings.push_contact:
        from api.messages.push import Push  # noqa: PLC0415  # large, and most have none

        channels[Way.PUSH] = Push(settings.push_contact, data_dir, settings.timeout_s)
    return channels
