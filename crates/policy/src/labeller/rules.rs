//! Rules as data, checked and arranged for looking up.

use std::collections::HashMap;

use domain::{Category, Confidentiality, Role, Sensitivity};

use super::Draft;
use super::file::{AuthorRule, Declared, File, Meaning, Signs};
use super::words::{Lexicon, LexiconBuilder};
use crate::policies::LoadError;

/// One version of the rules.
#[derive(Debug)]
pub(super) struct Rules {
    version: String,
    types: HashMap<String, Vec<Category>>,
    wordless: Vec<String>,
    effects: Vec<Effect>,
    systems: HashMap<String, System>,
    lexicon: Lexicon,
    authors: Vec<AuthorRule>,
    declared: Declared,
}

/// What a rule does to a label.
#[derive(Debug)]
enum Effect {
    /// Says why it is held closely, and how closely.
    Hold(Sensitivity, Confidentiality),
    /// Says what it is about, in place of what its type says, for these types.
    Sort(Category, Vec<String>),
}

/// The rules of one code system.
#[derive(Debug, Default)]
struct System {
    codes: HashMap<String, Vec<usize>>,
    /// Beginnings of codes, for systems whose codes are a hierarchy.
    families: Vec<(String, usize)>,
}

impl Rules {
    pub fn read(file: &str, text: &str) -> Result<Self, LoadError> {
        let read: File =
            toml::from_str(text).map_err(|error| LoadError::toml(file, text, &error))?;
        let mut rules = Self {
            version: read.version,
            types: read
                .types
                .into_iter()
                .map(|(name, categories)| (name, categories.0))
                .collect(),
            wordless: read.wordless,
            effects: Vec::new(),
            systems: HashMap::new(),
            lexicon: Lexicon::default(),
            authors: read.author,
            declared: read.declared,
        };
        let holds = read
            .hold
            .into_iter()
            .map(|rule| (Effect::Hold(rule.because, rule.held), rule.by));
        let sorts = read
            .sort
            .into_iter()
            .map(|rule| (Effect::Sort(rule.about, rule.types), rule.by));

        let mut lexicon = LexiconBuilder::default();
        for (effect, signs) in holds.chain(sorts) {
            let rule = rules.effects.len();
            rules.effects.push(effect);
            lexicon.stems(rule, &signs.stems);
            lexicon.words(rule, &signs.words);
            lexicon.exceptions(rule, &signs.except);
            rules
                .add_codes(rule, &signs, &read.systems)
                .map_err(|problem| LoadError::new(file, None, problem))?;
        }
        let negation = read.negation;
        lexicon.negated_by(&negation.phrases, &negation.until, negation.reach);
        rules.lexicon = lexicon
            .build()
            .map_err(|problem| LoadError::new(file, None, problem.to_string()))?;
        Ok(rules)
    }

    fn add_codes(
        &mut self,
        rule: usize,
        signs: &Signs,
        systems: &HashMap<String, Vec<String>>,
    ) -> Result<(), String> {
        let addresses = |name: &str| {
            systems
                .get(name)
                .ok_or_else(|| format!("`{name}` is not a code system named under [systems]"))
        };
        for (name, codes) in &signs.codes {
            for address in addresses(name)? {
                let system = self.systems.entry(address.clone()).or_default();
                for code in codes {
                    system.codes.entry(code.clone()).or_default().push(rule);
                }
            }
        }
        for (name, families) in &signs.families {
            for address in addresses(name)? {
                let system = self.systems.entry(address.clone()).or_default();
                let beginnings = families.iter().map(|family| (family.clone(), rule));
                system.families.extend(beginnings);
            }
        }
        Ok(())
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn categories(&self, resource_type: &str) -> &[Category] {
        self.types.get(resource_type).map_or(&[], Vec::as_slice)
    }

    pub fn reads_words_of(&self, resource_type: &str) -> bool {
        !self
            .wordless
            .iter()
            .any(|wordless| wordless == resource_type)
    }

    pub fn by_code(&self, system: &str, code: &str, resource_type: &str, label: &mut Draft) {
        let Some(system) = self.systems.get(system) else {
            return;
        };
        for rule in system.codes.get(code).into_iter().flatten() {
            self.apply(*rule, resource_type, label);
        }
        for (family, rule) in &system.families {
            if code.starts_with(family.as_str()) {
                self.apply(*rule, resource_type, label);
            }
        }
    }

    pub fn by_words(&self, text: &str, resource_type: &str, label: &mut Draft) {
        for rule in self.lexicon.spoken_of(text) {
            self.apply(rule, resource_type, label);
        }
    }

    pub fn by_author(&self, role: Role, resource_type: &str, label: &mut Draft) {
        for rule in self.authors.iter().filter(|rule| rule.role == role) {
            if !rule.spares.iter().any(|spared| spared == resource_type) {
                label.raise(rule.because, rule.held);
            }
        }
    }

    /// A declaration can only raise. One that is not understood was meant to hold something back,
    /// so it restricts.
    pub fn by_declaration(&self, system: &str, code: &str, label: &mut Draft) {
        let is = |known: &String| known == system || known == code;
        let says_nothing =
            self.declared.ignored.iter().any(is) || self.declared.handling.iter().any(is);
        if says_nothing {
            return;
        }
        if system == self.declared.confidentiality {
            let declared = Confidentiality::from_code(code).unwrap_or(Confidentiality::Restricted);
            label.confidentiality = label.confidentiality.max(declared);
            return;
        }
        let known = |meaning: &&Meaning| meaning.codes.iter().any(|known| known == code);
        match self.declared.meanings.iter().find(known) {
            Some(meaning) => label.raise(meaning.because, meaning.held),
            None => {
                label.confidentiality = label.confidentiality.max(Confidentiality::Restricted);
            }
        }
    }

    fn apply(&self, rule: usize, resource_type: &str, label: &mut Draft) {
        match self.effects.get(rule) {
            Some(Effect::Hold(sensitivity, held)) => label.raise(*sensitivity, *held),
            Some(Effect::Sort(category, types)) if types.iter().any(|t| t == resource_type) => {
                // The type's own answer stands aside for the first rule that knows better.
                if label
                    .categories
                    .iter()
                    .copied()
                    .eq(self.categories(resource_type).iter().copied())
                {
                    label.categories.clear();
                }
                label.categories.insert(*category);
            }
            _ => {}
        }
    }
}
