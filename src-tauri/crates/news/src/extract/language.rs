//! Which language a text is in.

use whatlang::{Lang, detect};

/// Bytes of text that are looked at.
const SAMPLE: usize = 4000;

/// ISO 639-1 code of the text's language, where the detector is sure of it, else of what the page states.
pub(super) fn of(text: &str, stated: Option<&str>) -> Option<String> {
    let detected = detect(crate::text::truncated(text, SAMPLE)).filter(|info| info.is_reliable());
    let detected = detected.and_then(|info| code(info.lang())).map(str::to_owned);
    let stated = stated
        .and_then(|tag| tag.split(['-', '_']).next())
        .map(str::to_ascii_lowercase);
    detected.or_else(|| stated.filter(|tag| tag.len() == 2 && tag.bytes().all(|b| b.is_ascii_lowercase())))
}

const fn code(language: Lang) -> Option<&'static str> {
    Some(match language {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Pol => "pl",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Bul => "bg",
        Lang::Ell => "el",
        Lang::Tur => "tr",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Pes => "fa",
        Lang::Hin => "hi",
        Lang::Ben => "bn",
        Lang::Tam => "ta",
        Lang::Tha => "th",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Cmn => "zh",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "no",
        Lang::Fin => "fi",
        Lang::Est => "et",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Slv => "sl",
        Lang::Cat => "ca",
        _ => return None,
    })
}
