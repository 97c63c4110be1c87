"""What the library says of itself: its version, and what it is not."""

from .predicates.labels import Text

VERSION = "0.1.0"

DISCLAIMER = Text(
    "Decision documentation for research and education; not a medical device.",
    "决策文档，供研究与教学使用；不是医疗器械。",
)
