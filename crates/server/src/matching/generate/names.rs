//! Names by origin, more frequent ones first, and how each origin's names are written differently
//! by different clerks. Frequencies fall off as they do in the Scottish registers: the most frequent
//! surname has a little over one bearer in a hundred.

use rand::Rng;
use rand::seq::IndexedRandom as _;

/// Where a name is at home. It is the name's, not the person's: a report on fairness needs no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Scots and English names.
    Scottish,
    /// Gaelic names, with their accents.
    Gaelic,
    /// Irish names.
    Irish,
    /// Polish names, of which the surname often has a gender.
    Polish,
    /// Names of Pakistani Muslims, among whom a surname is often not a family's.
    Pakistani,
    /// Names of Sikhs: Singh and Kaur.
    Sikh,
    /// Chinese names, written surname first or last.
    Chinese,
    /// Nigerian names, with an English one beside.
    Nigerian,
    /// Arabic names in Latin letters.
    Arabic,
    /// Spanish names with two surnames.
    Spanish,
}

impl Origin {
    /// Every origin with its share in a hundred and its word in the file.
    pub const SHARES: [(Self, u32, &'static str); 10] = [
        (Self::Scottish, 76, "scottish"),
        (Self::Gaelic, 4, "gaelic"),
        (Self::Irish, 4, "irish"),
        (Self::Polish, 4, "polish"),
        (Self::Pakistani, 4, "pakistani"),
        (Self::Sikh, 2, "sikh"),
        (Self::Chinese, 2, "chinese"),
        (Self::Nigerian, 2, "nigerian"),
        (Self::Arabic, 1, "arabic"),
        (Self::Spanish, 1, "spanish"),
    ];

    /// One at random, by its share.
    pub fn any(chance: &mut impl Rng) -> Self {
        let shares = Self::SHARES.choose_weighted(chance, |(_, share, _)| *share);
        shares.map_or(Self::Scottish, |(origin, ..)| *origin)
    }

    /// The word in the column `origin`.
    #[must_use]
    pub fn word(self) -> &'static str {
        let known = Self::SHARES.iter().find(|(origin, ..)| *origin == self);
        known.map_or("", |(.., word)| word)
    }
}

/// A name of the list, the first ones much more often: the chance of the n-th falls with n.
fn frequent<'a>(list: &[&'a str], chance: &mut impl Rng) -> &'a str {
    let place = chance.random::<f64>().powf(1.7) * list.len() as f64;
    list.get(place as usize).copied().unwrap_or("")
}

fn words(list: &'static str) -> Vec<&'static str> {
    list.split_whitespace().collect()
}

/// The names of one origin.
struct Names {
    women: Vec<&'static str>,
    men: Vec<&'static str>,
    families: Vec<&'static str>,
}

impl Names {
    fn of(women: &'static str, men: &'static str, families: &'static str) -> Self {
        Self {
            women: words(women),
            men: words(men),
            families: words(families),
        }
    }
}

/// All names, ready to draw from.
pub struct Register {
    /// By the year of birth from which they are given.
    scottish: [(i16, Names); 3],
    rest: Vec<(Origin, Names)>,
    tail: Tail,
}

/// Surnames that are each borne by few, put together from the parts of which such names are made.
struct Tail {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
    clans: Vec<&'static str>,
}

impl Tail {
    fn any(&self, chance: &mut impl Rng) -> String {
        if chance.random_bool(0.25) {
            let start = if chance.random_bool(0.5) { "Mac" } else { "Mc" };
            return format!("{start}{}", self.clans.choose(chance).unwrap_or(&""));
        }
        let first = self.first.choose(chance).unwrap_or(&"");
        let last = self.last.choose(chance).unwrap_or(&"");
        format!("{first}{last}")
    }
}

impl Default for Register {
    fn default() -> Self {
        Self {
            scottish: [
                (1890, Names::of(OLD_WOMEN, OLD_MEN, SURNAMES)),
                (1955, Names::of(MIDDLE_WOMEN, MIDDLE_MEN, SURNAMES)),
                (1988, Names::of(YOUNG_WOMEN, YOUNG_MEN, SURNAMES)),
            ],
            rest: vec![
                (
                    Origin::Gaelic,
                    Names::of(GAELIC_WOMEN, GAELIC_MEN, GAELIC_FAMILIES),
                ),
                (
                    Origin::Irish,
                    Names::of(IRISH_WOMEN, IRISH_MEN, IRISH_FAMILIES),
                ),
                (
                    Origin::Polish,
                    Names::of(POLISH_WOMEN, POLISH_MEN, POLISH_FAMILIES),
                ),
                (
                    Origin::Pakistani,
                    Names::of(PAKISTANI_WOMEN, PAKISTANI_MEN, PAKISTANI_FAMILIES),
                ),
                (
                    Origin::Sikh,
                    Names::of(SIKH_NAMES, SIKH_NAMES, SIKH_FAMILIES),
                ),
                (
                    Origin::Chinese,
                    Names::of(CHINESE_WOMEN, CHINESE_MEN, CHINESE_FAMILIES),
                ),
                (
                    Origin::Nigerian,
                    Names::of(NIGERIAN_WOMEN, NIGERIAN_MEN, NIGERIAN_FAMILIES),
                ),
                (
                    Origin::Arabic,
                    Names::of(ARABIC_WOMEN, ARABIC_MEN, ARABIC_FAMILIES),
                ),
                (
                    Origin::Spanish,
                    Names::of(SPANISH_WOMEN, SPANISH_MEN, SPANISH_FAMILIES),
                ),
            ],
            tail: Tail {
                first: words(FIRST_PARTS),
                last: words(LAST_PARTS),
                clans: words(CLANS),
            },
        }
    }
}

impl Register {
    fn names(&self, origin: Origin, born: i16) -> Option<&Names> {
        let rest = self.rest.iter().find(|(of, _)| *of == origin);
        rest.map(|(_, names)| names).or_else(|| {
            let eras = self.scottish.iter().rev();
            let mut eras = eras.filter(|(from, _)| born >= *from);
            eras.next()
                .or(self.scottish.first())
                .map(|(_, names)| names)
        })
    }

    /// A given name of the time.
    pub fn given(&self, origin: Origin, woman: bool, born: i16, chance: &mut impl Rng) -> String {
        let Some(names) = self.names(origin, born) else {
            return String::new();
        };
        let list = if woman { &names.women } else { &names.men };
        frequent(list, chance).to_owned()
    }

    /// The surname of a family, in the form that its men bear.
    pub fn family(&self, origin: Origin, chance: &mut impl Rng) -> String {
        if origin == Origin::Scottish && chance.random_bool(0.45) {
            return self.tail.any(chance);
        }
        let Some(names) = self.names(origin, 1960) else {
            return String::new();
        };
        let one = frequent(&names.families, chance);
        match origin {
            Origin::Spanish => format!("{one} {}", frequent(&names.families, chance)),
            _ => one.to_owned(),
        }
    }
}

/// The form of a family's name that a member bears.
#[must_use]
pub fn borne(family: &str, origin: Origin, woman: bool) -> String {
    match (origin, woman) {
        (Origin::Polish, true) => match family.strip_suffix("ski").or(family.strip_suffix("cki")) {
            Some(_) => format!("{}a", family.get(..family.len() - 1).unwrap_or(family)),
            None => family.to_owned(),
        },
        (Origin::Sikh, true) => "Kaur".to_owned(),
        (Origin::Sikh, false) => "Singh".to_owned(),
        (Origin::Gaelic, true) => family.replacen("Mac", "Nic", 1),
        _ => family.to_owned(),
    }
}

/// Ways in which one name is written.
const WRITTEN: [&[&str]; 16] = [
    &["Mohammed", "Muhammad", "Mohammad", "Mohamed", "Muhammed"],
    &["Ahmed", "Ahmad"],
    &["Hussain", "Hussein", "Husain"],
    &["Fatima", "Fatimah", "Fatema"],
    &["Ayesha", "Aisha", "Aysha"],
    &["Yousaf", "Yusuf", "Youssef", "Yousuf"],
    &["Omar", "Umar"],
    &["Khalid", "Khaled"],
    &["Abdullah", "Abdallah"],
    &["Chaudhry", "Choudhry", "Chowdhury", "Chaudhary"],
    &["Sheikh", "Shaikh"],
    &["Catherine", "Katherine", "Kathryn", "Catharine"],
    &["Ann", "Anne", "Anna"],
    &["Isobel", "Isabel", "Ishbel"],
    &["Stephen", "Steven", "Stephan"],
    &["Alasdair", "Alastair", "Alistair"],
];

/// Names and what their bearers are called.
const CALLED: [(&str, &[&str]); 30] = [
    ("Margaret", &["Peggy", "Maggie", "Meg", "Greta", "Rita"]),
    ("Elizabeth", &["Betty", "Liz", "Beth", "Elsie", "Lisbeth"]),
    ("Catherine", &["Kate", "Cathy", "Kit"]),
    ("Agnes", &["Nessie", "Senga", "Nancy"]),
    ("Isabella", &["Bella", "Isa", "Ella"]),
    ("Christina", &["Chrissie", "Teenie", "Kirsty"]),
    ("Euphemia", &["Effie", "Phemie"]),
    ("Helen", &["Nellie", "Ella", "Nell"]),
    ("Janet", &["Jessie", "Netta", "Jenny"]),
    ("Mary", &["May", "Mamie", "Molly"]),
    ("William", &["Billy", "Bill", "Wullie", "Liam"]),
    ("Robert", &["Rab", "Bob", "Bobby", "Rabbie"]),
    ("James", &["Jim", "Jimmy", "Hamish", "Jamie"]),
    ("John", &["Jock", "Ian", "Jack", "Johnny"]),
    ("Alexander", &["Sandy", "Alec", "Alex", "Eck"]),
    ("Thomas", &["Tam", "Tommy", "Tom"]),
    ("George", &["Dod", "Geordie"]),
    ("David", &["Davie", "Dave"]),
    ("Andrew", &["Drew", "Andy"]),
    ("Charles", &["Charlie", "Chic"]),
    ("Jennifer", &["Jenny", "Jen"]),
    ("Patricia", &["Pat", "Trish"]),
    ("Susan", &["Sue", "Susie"]),
    ("Deborah", &["Debbie", "Deb"]),
    ("Michael", &["Mick", "Mike"]),
    ("Christopher", &["Chris", "Kit"]),
    ("Kenneth", &["Kenny", "Ken"]),
    ("Joseph", &["Joe", "Joey"]),
    ("Daniel", &["Dan", "Danny"]),
    ("Samantha", &["Sam", "Sammy"]),
];

/// Another way of writing a name, if it has one.
pub fn otherwise(name: &str, chance: &mut impl Rng) -> Option<&'static str> {
    let forms = WRITTEN.iter().find(|forms| forms.contains(&name))?;
    forms.choose(chance).copied().filter(|form| *form != name)
}

/// What somebody of this name may be called.
pub fn called(name: &str, chance: &mut impl Rng) -> Option<&'static str> {
    let (_, forms) = CALLED.iter().find(|(whole, _)| *whole == name)?;
    forms.choose(chance).copied()
}

const SURNAMES: &str = "Smith Brown Wilson Campbell Stewart Thomson Robertson Anderson Scott Taylor Clark Murray Paterson Young Mitchell Walker Watson Miller Fraser Davidson Gray Henderson Hamilton Johnston Duncan Graham Ferguson Kerr Cameron Hunter Simpson Martin Allan Bell Grant Ross Black Marshall Wallace Kelly Hughes Gibson Russell Gordon Craig Sinclair Douglas Cunningham Wright Crawford Stevenson Bruce Muir Ritchie Lindsay Milne Boyle Burns Sutherland Christie Rennie Dickson Forbes Adams Aitken Munro Mackay Maclean Macdonald McDonald Mackenzie McKenzie Macleod McIntosh McLean Kennedy Reid Morrison Jackson Dunn Shaw Hay Baird Innes Ogilvie Barclay Laing Rankin Pollock Cairns Weir Gilmour Lamont Nicol Moffat Irvine Erskine Buchanan Chalmers Carmichael Drummond";
const OLD_WOMEN: &str = "Margaret Mary Elizabeth Catherine Agnes Isabella Jean Helen Annie Jessie Janet Christina Isobel Jane Ann Marion Euphemia Sarah Grace Martha Nan Ina Ethel Davina Williamina Wilma Rachel Flora Barbara Violet Lilias Rhona Netta Elspeth Sheila Moira Dorothy Muriel";
const OLD_MEN: &str = "John James William Robert Alexander George Thomas David Andrew Charles Peter Archibald Hugh Donald Duncan Joseph Ronald Alistair Walter Henry Norman Francis Kenneth Angus Adam Matthew Daniel Gavin Neil Stewart Allan Malcolm Murdo Ebenezer";
const MIDDLE_WOMEN: &str = "Susan Margaret Elizabeth Linda Karen Fiona Anne Carol Elaine Patricia Catherine Jacqueline Mary Lorraine Tracy Angela Gillian Alison Nicola Sharon Lynn Michelle Lesley Heather Pamela Jennifer Yvonne Shona Morag Kirsty Deborah Helen Julie Donna Wendy Sandra Mairi Audrey";
const MIDDLE_MEN: &str = "David John James William Robert Alan Steven Paul Ian Brian Mark Andrew Thomas Colin Stephen Kenneth Scott Derek Gordon Graham Gary Kevin Stuart Neil Douglas Iain Alexander Michael Peter Craig Martin Christopher Keith Joseph Gregor Ewan Fraser Barry";
const YOUNG_WOMEN: &str = "Emma Sophie Olivia Amy Lauren Emily Laura Isla Rebecca Chloe Erin Ava Lucy Eilidh Rachel Megan Ellie Sarah Hannah Katie Grace Caitlin Freya Skye Abbie Niamh Holly Orla Mirren Iona Samantha Zoe Kirsten Millie Beth Rosie Ailsa Poppy Harris Jessica";
const YOUNG_MEN: &str = "Jack Lewis James Ryan Callum Cameron Connor Liam Jamie Daniel Andrew Kieran Ross Logan Finlay Harris Noah Adam Alexander Matthew Aaron Sean Dylan Oliver Rory Luke Craig Euan Calum Ben Nathan Fraser Angus Charlie Archie Brodie Rhys Struan Harry Thomas";
const FIRST_PARTS: &str = "Ander Auchter Bal Ben Birk Black Blair Brae Bran Broad Burn Cald Carn Clay Clar Colde Craig Crom Cul Dal Dean Dun Eccles Elder Fair Farn Fen Ford Gal Garth Gil Glen Gold Green Had Hal Hart Hazel Heath Hol Hume Inver Kel Kil Kin Kirk Lang Law Lin Loch Lock Mar Mel Mid Moor New North Oak Orm Pen Pit Rath Red Rose Rother Rum Sal Sea Shaw Sil Stan Stone Strath Thorn Tor Tulli Under Wal Ward West White Wind Wood";
const LAST_PARTS: &str = "bank barrow beck bie brae bridge burgh burn by caster clough combe craig croft dale den don field ford gate gill grove hall ham haugh hill holm hope hurst kirk knowe land law lea ley lie loch low man mead mont moor more ness pool port ridge rigg shaw shiel side son stane stead stock ston thorpe ton toun vale ward water way well wick wood worth";
const CLANS: &str = "Adam Alister Alpine Andrew Arthur Aulay Bain Bean Beth Callum Cann Cafferty Clure Clymont Coll Combie Connachie Corkindale Cormack Cowan Crae Crimmon Culloch Cutcheon Dermid Diarmid Dougall Duff Eachern Ewan Fadyen Farlane Farquhar Fee Garry Geachy Gibbon Gillivray Gill Glashan Gowan Gregor Guffie Ilwraith Innes Isaac Ivor Kechnie Kellar Kendrick Kerrell Kessock Kinlay Kinnon Lachlan Laren Lay Lellan Lennan Luskie Master Millan Nab Nair Naughton Neil Neish Nicol Phail Phee Pherson Queen Quarrie Rae Ritchie Rory Sorley Sween Taggart Tavish Vean Vicar Whannell William Whirter";
const GAELIC_WOMEN: &str = "Mòrag Màiri Catrìona Eilidh Mairead Sìne Oighrig Seonag Raghnaid Ealasaid Peigi Ceit Beathag Murdina Anna Iseabail";
const GAELIC_MEN: &str = "Iain Dòmhnall Murchadh Coinneach Aonghas Seumas Calum Alasdair Ruairidh Eòghann Tormod Niall Fionnlagh Uilleam Donnchadh";
const GAELIC_FAMILIES: &str = "MacLeòid MacDhòmhnaill MacAoidh MacÌomhair Moireasdan MacAmhlaigh MacAsgaill MacCoinnich Caimbeul MacIlleathain MacPhàrlain MacNèill";
const IRISH_WOMEN: &str = "Siobhán Bridget Niamh Aoife Maeve Gráinne Róisín Deirdre Bernadette Una Sinéad Orla Ciara Nuala Kathleen";
const IRISH_MEN: &str = "Seán Patrick Liam Michael Cormac Eoin Declan Brendan Conor Padraig Dermot Finbar Niall Gerard Fergal";
const IRISH_FAMILIES: &str = "Murphy O'Neill Kelly O'Brien Gallagher O'Donnell Doherty Byrne O'Connor Walsh McLaughlin Boyle O'Reilly Docherty Quinn Daly O'Hara McGinley Brennan Coyle";
const POLISH_WOMEN: &str = "Anna Maria Katarzyna Małgorzata Agnieszka Krystyna Barbara Ewa Elżbieta Zofia Magdalena Joanna Monika Aleksandra Natalia Jadwiga";
const POLISH_MEN: &str = "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Adam Wojciech Łukasz Zbigniew Mateusz Kamil";
const POLISH_FAMILIES: &str = "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Nowakowski Pawłowski";
const PAKISTANI_WOMEN: &str = "Fatima Ayesha Khadija Zainab Nasreen Shazia Rukhsana Saima Farzana Parveen Samina Nadia Sadia Bushra Noreen Hina";
const PAKISTANI_MEN: &str = "Mohammed Ahmed Ali Imran Usman Tariq Asif Bilal Hamza Khalid Shahid Nadeem Faisal Yousaf Zahid Abdul";
const PAKISTANI_FAMILIES: &str = "Khan Ahmed Hussain Ali Akhtar Malik Iqbal Mahmood Shah Bibi Begum Mirza Chaudhry Sheikh Butt Aslam Rashid Javed";
const SIKH_NAMES: &str = "Gurpreet Harpreet Manpreet Jaspreet Amandeep Kuldeep Mandeep Rajinder Sukhdeep Baljit Jaswinder Parminder Navdeep Kamaljit Surinder Hardeep";
const SIKH_FAMILIES: &str = "Gill Sandhu Dhillon Sidhu Grewal Johal Bains";
const CHINESE_WOMEN: &str =
    "Mei Xiu-ying Li-hua Yan Jing Siew-lan Wai-ling Hui-min Xiaoling Fang Yuk-ying Ting";
const CHINESE_MEN: &str = "Wei Jian Chi-ming Kwok-wah Tao Jun Ming Ka-ho Wai-keung Zhiyong Hao Lei";
const CHINESE_FAMILIES: &str =
    "Wong Chen Li Zhang Liu Wang Chan Lam Cheung Ng Ho Yang Huang Lau Leung Xu Wu Tang";
const NIGERIAN_WOMEN: &str = "Ngozi Folasade Chiamaka Blessing Oluwaseun Adaeze Funmilayo Grace Ifeoma Temitope Amaka Yetunde Patience Bukola";
const NIGERIAN_MEN: &str = "Chukwuemeka Oluwaseun Babatunde Emmanuel Ifeanyi Adebayo Chinedu Tunde Obinna Samuel Olumide Ikenna Segun Daniel";
const NIGERIAN_FAMILIES: &str = "Okafor Adeyemi Okonkwo Ogunleye Adebayo Eze Nwosu Balogun Obi Afolabi Okoro Ojo Nwachukwu Ibrahim Adeleke Onyekachi";
const ARABIC_WOMEN: &str =
    "Fatima Maryam Aisha Noor Layla Huda Rania Samira Hanan Zahra Amal Dalia";
const ARABIC_MEN: &str =
    "Mohammed Ahmad Omar Khalid Abdullah Hassan Youssef Mahmoud Karim Tarek Nabil Samir";
const ARABIC_FAMILIES: &str =
    "Al-Hassan El-Sayed Al-Masri Haddad Khoury Mansour Nasser Saleh Al-Ahmad Hamdan Said Darwish";
const SPANISH_WOMEN: &str =
    "María Carmen Ana Lucía Isabel Pilar Marta Elena Rosa Paula Cristina Inés";
const SPANISH_MEN: &str =
    "José Antonio Manuel Francisco Javier Carlos Miguel Pablo Luis Sergio Álvaro Diego";
const SPANISH_FAMILIES: &str = "García Rodríguez Fernández López Martínez González Pérez Sánchez Ramírez Torres Díaz Moreno Muñoz Álvarez Romero Ruiz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_bears_its_name_as_its_people_do() {
        assert_eq!(borne("Kowalski", Origin::Polish, true), "Kowalska");
        assert_eq!(borne("Kamiński", Origin::Polish, true), "Kamińska");
        assert_eq!(borne("Nowak", Origin::Polish, true), "Nowak");
        assert_eq!(borne("Gill", Origin::Sikh, true), "Kaur");
        assert_eq!(borne("Campbell", Origin::Scottish, true), "Campbell");
    }

    #[test]
    fn the_shares_make_a_hundred() {
        let sum: u32 = Origin::SHARES.iter().map(|(_, share, _)| share).sum();
        assert_eq!(sum, 100);
    }
}
