"""Places named in a sentence, by their usual English names."""

from __future__ import annotations

from keepwarm.reports.place_chinese import chinese
from keepwarm.reports.place_names import named
from keepwarm.reports.place_parts import parts, with_parts
from keepwarm.reports.place_roles import Place, kept, role
from keepwarm.reports.place_scene import Found, Scene
from keepwarm.reports.text import Sentence, Text
from keepwarm.reports.words import LANGUAGES

__all__ = ["Place", "places"]


def places(text: Text, sentence: Sentence) -> list[Place]:
    """Return the places of a sentence in the order of the text.

    **Leaves out** names that could be a person, a company or an ordinary word, and unknown names
    that no preposition or unit marks as a place.
    """
    language = sentence.language if sentence.language in LANGUAGES else "en"
    if not sentence.tokens:
        return []
    scene = Scene(sentence.tokens, language, sentence.cues("places"))
    plain = chinese(scene) if language == "zh" else named(scene)
    found = with_parts(plain, parts(scene, text.copy, plain))
    made: list[Place] = []
    for one in found:
        before = made[-1] if made else None
        if before and before.last == one.first - 1 and scene.at("beside", before.last):
            continue  # "Erkrath bei Düsseldorf"
        given = one.role or role(scene, one, before)
        if given == "dateline" and _in_list(text, sentence, scene, one):
            given = "where"
        if kept(scene, one, given, before is not None and before.last == one.first):
            start, end = scene.tokens[one.first].start, scene.tokens[one.last - 1].end
            made.append(
                Place(start, end, one.first, one.last, one.name, one.level, one.inside, given)
            )
    return made


def _in_list(text: Text, sentence: Sentence, scene: Scene, found: Found) -> bool:
    """Say whether a name opens a line of a list: "Ismajil - Hafen getroffen"."""
    dash = scene.key(found.last) in ("-", "–", "—")
    return dash and sentence.paragraph != text.sentences[0].paragraph
