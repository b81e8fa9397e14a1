"""The words of clocks, put together from both languages."""

from daihou.engine.clocks.words_en import ENGLISH
from daihou.engine.clocks.words_zh import CHINESE
from daihou.engine.rulebook.decision import Phrases

PHRASES = Phrases(CHINESE, ENGLISH)
