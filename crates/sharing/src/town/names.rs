//! Names for ordinary people. Nobody here is anybody.

/// Names that go together.
pub(super) struct Community {
    pub(super) women: &'static [&'static str],
    pub(super) men: &'static [&'static str],
    pub(super) families: &'static [&'static str],
}

/// The town's communities, the largest named more than once so that it is drawn more often.
#[rustfmt::skip]
pub(super) const COMMUNITIES: &[&Community] =
    &[&SCOTS, &SCOTS, &SCOTS, &GAELIC, &IRISH, &POLISH, &SOUTH_ASIAN, &WEST_AFRICAN];

#[rustfmt::skip]
const SCOTS: Community = Community {
    women: &["Ailsa", "Elspeth", "Geraldine", "Heather", "Kathleen", "Olivia", "Rowena", "Vaila"],
    men: &["Angus", "Callum", "Finlay", "Hector", "Keith", "Lewis", "Magnus", "Oliver"],
    families: &["Baird-Lennox", "Begg", "Carswell", "Drysdale", "Geddes", "Hepburn", "Lumsden", "Sinclair", "Urquhart", "Wardlaw", "Yuill"],
};

#[rustfmt::skip]
const GAELIC: Community = Community {
    women: &["Catrìona", "Marsaili", "Mòrag", "Peigi"],
    men: &["Alasdair", "Eachann", "Somhairle", "Tormod"],
    families: &["MacAskill", "MacCodrum", "Macaulay", "McFadyen"],
};

#[rustfmt::skip]
const IRISH: Community = Community {
    women: &["Aoife", "Bronagh", "Gráinne", "Úna"],
    men: &["Dónal", "Eoghan", "Pádraig", "Ruairí"],
    families: &["Kilbride", "McGlinchey", "McKeever", "O'Hagan"],
};

#[rustfmt::skip]
const POLISH: Community = Community {
    women: &["Danuta", "Jolanta", "Małgorzata", "Urszula"],
    men: &["Bogdan", "Grzegorz", "Jerzy", "Wiesław"],
    families: &["Dąbek", "Gołąb", "Mazur-Reid", "Pawlak", "Rzepka"],
};

#[rustfmt::skip]
const SOUTH_ASIAN: Community = Community {
    women: &["Amina", "Iram", "Nadia", "Lakshmi", "Sushila"],
    men: &["Ahmed", "Naveed", "Rajesh", "Usman", "Vikram"],
    families: &["Ahmad", "Chatterjee", "Farooqi", "Iyer", "Kapoor", "Qureshi", "Thapa"],
};

#[rustfmt::skip]
const WEST_AFRICAN: Community = Community {
    women: &["Chidinma", "Fatou", "Temitope", "Yetunde"],
    men: &["Chukwuemeka", "Ibrahim", "Kwabena", "Yakubu"],
    families: &["Abubakar", "Adeleke", "Amoah", "Boateng", "Olawale"],
};

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

/// A key from a name: plain letters and hyphens, such as `wieslaw-golab`.
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
        'í' | 'ì' => 'i',
        'ú' | 'Ú' => 'u',
        'ć' => 'c',
        'ę' | 'é' | 'è' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' | 'ò' | 'Ó' => 'o',
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
        assert_eq!(key("Wiesław Gołąb"), "wieslaw-golab");
        assert_eq!(key("Peigi Nic a' Phearsain"), "peigi-nic-a-phearsain");
        assert_eq!(key("Úna Ó Súilleabháin"), "una-o-suilleabhain");
    }
}
