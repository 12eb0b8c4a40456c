"""Imported before all else by processes that live long: the collector rests while they load.

It would look at all that is made, again and again, for a fifth of the time that loading takes.
`bot.app.collector` sets it to work again.
"""

import gc

gc.disable()
