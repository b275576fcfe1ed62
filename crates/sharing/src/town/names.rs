//! Names for ordinary people. Nobody here is anybody.

/// Given names of women.
pub(super) const WOMEN: &[&str] = &[
    "Ailsa",
    "Amina",
    "Bronagh",
    "Catriona",
    "Chidinma",
    "Danuta",
    "Elspeth",
    "Fatou",
    "Geraldine",
    "Harjit",
    "Iram",
    "Jolanta",
    "Kathleen",
    "Lakshmi",
    "Marsaili",
    "Nadia",
    "Olivia",
    "Peigi",
    "Rowena",
    "Sushila",
    "Temitope",
    "Ursula",
    "Vaila",
    "Yetunde",
];

/// Given names of men.
pub(super) const MEN: &[&str] = &[
    "Ahmed",
    "Alasdair",
    "Bogdan",
    "Chukwuemeka",
    "Dónal",
    "Eoghan",
    "Finlay",
    "Grzegorz",
    "Hector",
    "Ibrahim",
    "Jerzy",
    "Kwabena",
    "Lewis",
    "Magnus",
    "Naveed",
    "Oliver",
    "Pádraig",
    "Rajesh",
    "Somhairle",
    "Tobi",
    "Usman",
    "Vikram",
    "Wiesław",
    "Yakubu",
];

/// Family names.
pub(super) const FAMILIES: &[&str] = &[
    "Abubakar",
    "Adeleke",
    "Ahmad",
    "Amoah",
    "Baird-Lennox",
    "Begg",
    "Boateng",
    "Carswell",
    "Chatterjee",
    "Dąbrowska-Reid",
    "Drysdale",
    "Farooqi",
    "Geddes",
    "Hepburn",
    "Iyer",
    "Jabłoński",
    "Kapoor",
    "Kilbride",
    "Lumsden",
    "MacAskill",
    "McFadyen",
    "Nic a' Phearsain",
    "O'Hagan",
    "Olawale",
    "Pawlak",
    "Qureshi",
    "Rzepka",
    "Sinclair",
    "Thapa",
    "Urquhart",
    "Wardlaw",
    "Yuill",
];

/// Streets of the town's two burghs, with the burgh and the first half of the postcode.
pub(super) const STREETS: &[(&str, &str, &str)] = &[
    ("Academy Street", "Northburn", "NB1"),
    ("Bakehouse Close", "Northburn", "NB1"),
    ("Coalgate", "Northburn", "NB2"),
    ("Dovecot Park", "Northburn", "NB2"),
    ("Ferry Brae", "Southbrae", "SB1"),
    ("Glebe Crescent", "Southbrae", "SB1"),
    ("Harbour Terrace", "Southbrae", "SB3"),
    ("Inchgarth Drive", "Southbrae", "SB3"),
];

/// A key from a name: plain letters and hyphens, such as `donal-jablonski`.
pub(super) fn key(name: &str) -> String {
    let plain: String = name.chars().filter_map(plain).collect();
    plain
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'ą' | 'á' | 'à' => 'a',
        'ć' => 'c',
        'ę' | 'é' | 'è' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' | 'ò' => 'o',
        'ś' => 's',
        'ż' | 'ź' => 'z',
        ' ' | '-' => '-',
        '\'' | '’' => return None,
        other => other.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_key_can_be_typed_on_any_keyboard() {
        assert_eq!(key("Dónal Jabłoński"), "donal-jablonski");
        assert_eq!(key("Peigi Nic a' Phearsain"), "peigi-nic-a-phearsain");
        assert_eq!(key("Ailsa Dąbrowska-Reid"), "ailsa-dabrowska-reid");
    }
}
