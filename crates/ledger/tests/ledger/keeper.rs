//! A log kept in memory, honest unless a test makes it otherwise.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ledger::audit::{
    Audience, Audit, AuditedChain, AuditedEntry, AuditedLink, AuditedRecord, GROUND,
};
use ledger::pack::{
    Content, EarlierCheckpoint, EpochProof, HeldEntry, LogPlace, OPENS, PackField, PackLink,
    Reason, StatementProof, held,
};
use ledger::{
    Checkpoint, Epoch, Field, Frontier, Hash, Head, LogKey, Map, NodeId, Opening, Pack, Position,
    Record, Salts, Says, SignedNote, SourceError, Statement, ViewId, VrfKey, WitnessKey,
    consistency_proof, inclusion_proof, leaf_hash, map_leaf, map_opening,
};

use crate::{counting, log_key};

/// Monday 11 January 2027, 09:00, in microseconds.
pub const MONDAY: i64 = 1_799_658_000_000_000;
pub const MINUTE: i64 = 60_000_000;
pub const HOUR: i64 = 60 * MINUTE;

/// One log with the chains whose commitments it holds.
pub struct Keeper {
    pub key: LogKey,
    pub vrf: Rc<VrfKey>,
    pub witnesses: Vec<WitnessKey>,
    pub leaves: Vec<Hash>,
    pub chains: BTreeMap<ViewId, Vec<Written>>,
    pub epochs: Vec<Logged>,
    pub statements: Vec<Said>,
    drawn: u64,
    positions: RefCell<BTreeMap<ViewId, Position>>,
}

/// An entry with its secrets.
pub struct Written {
    pub time_us: i64,
    pub record: Record,
    pub salts: Salts,
    pub opening: Opening,
    pub commitment: Hash,
    pub leaf: u64,
}

/// A statement in the log.
pub struct Said {
    pub statement: Statement,
    pub leaf: u64,
    /// The first checkpoint that covers it.
    pub checkpoint: SignedNote,
}

/// An epoch in the log.
pub struct Logged {
    pub epoch: Epoch,
    pub leaf: u64,
    pub vrf: Rc<VrfKey>,
    pub map: Map,
    pub checkpoint: SignedNote,
}

impl Keeper {
    pub fn new() -> Keeper {
        Keeper::seeded(0)
    }

    /// A keeper whose draws are another's with another seed.
    pub fn seeded(seed: u64) -> Keeper {
        let witness = |name, seed| WitnessKey::from_seed(name, &counting(seed)).unwrap();
        Keeper {
            key: log_key(),
            vrf: Rc::new(VrfKey::from_seed(&counting(0x21))),
            witnesses: vec![
                witness("council.example/witness", 0x51),
                witness("university.example/witness", 0x71),
            ],
            leaves: Vec::new(),
            chains: BTreeMap::new(),
            epochs: Vec::new(),
            statements: Vec::new(),
            drawn: seed << 32,
            positions: RefCell::default(),
        }
    }

    /// Where randomness would stand: never the same twice.
    fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        leaf_hash(&self.drawn.to_be_bytes()).0
    }

    pub fn head(&self, view: ViewId) -> Head {
        let chain = self.chains.get(&view).map_or(&[][..], Vec::as_slice);
        chain
            .iter()
            .fold(Head::EMPTY, |head, one| head.append(&one.commitment))
    }

    /// Writes an entry and puts it into the log.
    pub fn write(&mut self, view: ViewId, time_us: i64, fields: &[(&str, &str)]) {
        let record = record(fields);
        let salts = Salts::new(self.draw());
        let opening = Opening(self.draw());
        let link = self.head(view).link(time_us, record.root(&salts));
        let commitment = link.commitment(&view, &opening);
        let leaf = self.leaves.len() as u64;
        self.leaves.push(commitment);
        self.chains.entry(view).or_default().push(Written {
            time_us,
            record,
            salts,
            opening,
            commitment,
            leaf,
        });
    }

    /// Writes an entry that is held back, into a chain of its own.
    pub fn hold(&mut self, time_us: i64, fields: &[(&str, &str)]) -> ViewId {
        let alone = ViewId(self.draw());
        self.write(alone, time_us, fields);
        alone
    }

    /// Makes the map of all views and puts its root into the log.
    pub fn epoch(&mut self, time_us: i64) {
        let number = self.epochs.len() as u64;
        let size = self.leaves.len() as u64;
        let leaves = self.chains.keys().map(|view| {
            let position = self.position(*view);
            let opening = self.map_opening(number, &position);
            let head = self.head(*view);
            (position, map_leaf(number, &position, &head, &opening))
        });
        let map = Map::new(leaves.collect()).unwrap();
        let epoch = Epoch {
            number,
            time_us,
            size,
            vrf_key: *self.vrf.public(),
            root: map.root(),
        };
        self.leaves.push(epoch.commitment());
        let checkpoint = self.checkpoint(time_us);
        self.epochs.push(Logged {
            epoch,
            leaf: size,
            vrf: Rc::clone(&self.vrf),
            map,
            checkpoint,
        });
    }

    /// Says something of the exchange itself.
    pub fn state(&mut self, time_us: i64, says: Says) {
        let statement = Statement { time_us, says };
        let leaf = self.leaves.len() as u64;
        self.leaves.push(statement.commitment());
        self.statements.push(Said {
            statement,
            leaf,
            checkpoint: self.checkpoint(time_us),
        });
    }

    /// Hands the log on to another key: both sign for the statement that says so.
    pub fn hand_on(&mut self, time_us: i64, to: LogKey) {
        let says = Says::LogKey {
            from: *self.key.public().as_bytes(),
            to: *to.public().as_bytes(),
        };
        self.state(time_us, says);
        let said = self.statements.last_mut().unwrap();
        said.checkpoint.sign(&to).unwrap();
        self.key = to;
    }

    /// Finds positions by another key from here on, and says so.
    pub fn change_positions(&mut self, time_us: i64, to: VrfKey) {
        let says = Says::PositionsKey {
            from: *self.vrf.public().as_bytes(),
            to: *to.public().as_bytes(),
        };
        self.state(time_us, says);
        self.change_vrf(to);
    }

    /// Goes on from a copy that was taken when the log had so many leaves; the leaves since then
    /// were had from elsewhere, and what they stand for is lost.
    pub fn recover(&mut self, time_us: i64, kept: u64) {
        let seen = self.leaves.len();
        let root = self.root(seen);
        for chain in self.chains.values_mut() {
            chain.retain(|one| one.leaf < kept);
        }
        self.chains.retain(|_, chain| !chain.is_empty());
        self.epochs.retain(|one| one.leaf < kept);
        let seen = seen as u64;
        self.state(time_us, Says::Recovered { kept, seen, root });
    }

    /// Goes on with another key of positions, as no honest log does without saying so.
    pub fn change_vrf(&mut self, key: VrfKey) {
        self.vrf = Rc::new(key);
        self.positions.borrow_mut().clear();
    }

    pub fn position(&self, view: ViewId) -> Position {
        let mut known = self.positions.borrow_mut();
        *known
            .entry(view)
            .or_insert_with(|| Position::of(&self.vrf.hash(&view.0)))
    }

    pub fn map_opening(&self, number: u64, position: &Position) -> Opening {
        let seed = leaf_hash(&(self.drawn >> 32 << 8 | number).to_be_bytes());
        map_opening(&seed.0, position)
    }

    /// The log as it stands, signed by the log and cosigned by its witnesses a second later.
    pub fn checkpoint(&self, time_us: i64) -> SignedNote {
        let checkpoint = Checkpoint {
            origin: self.key.public().name().to_owned(),
            size: self.leaves.len() as u64,
            root: self.root(self.leaves.len()),
        };
        let mut note = SignedNote::parse(&checkpoint.sign(&self.key).unwrap()).unwrap();
        for witness in &self.witnesses {
            let seconds = (time_us / 1_000_000 + 1) as u64;
            note.add(witness.cosign(&checkpoint.encode(), seconds).unwrap());
        }
        note
    }

    pub fn root(&self, size: usize) -> Hash {
        let mut log = Frontier::new();
        let leaves = self.leaves.iter().take(size);
        leaves.for_each(|leaf| log.push(leaf_hash(&leaf.0)));
        log.root()
    }

    pub fn place(&self, index: u64) -> LogPlace {
        let size = self.leaves.len() as u64;
        let path = inclusion_proof(index, size, |node| self.node(node)).unwrap();
        LogPlace { index, path }
    }

    pub fn node(&self, id: NodeId) -> Result<Hash, SourceError<()>> {
        let start = (id.index << id.level) as usize;
        let mut subtree = Frontier::new();
        let leaves = &self.leaves[start..start + (1 << id.level)];
        leaves
            .iter()
            .for_each(|leaf| subtree.push(leaf_hash(&leaf.0)));
        Ok(subtree.root())
    }

    /// The pack of a view, complete and honest; fields called `closed` are withheld.
    pub fn pack(&self, view: ViewId, now_us: i64) -> Pack {
        let chain = self.chains.get(&view).map_or(&[][..], Vec::as_slice);
        let links = chain.iter().map(|one| PackLink {
            commitment: one.commitment,
            content: one.content(),
            place: Some(self.place(one.leaf)),
        });
        let held = (0..).zip(chain).filter_map(|(link, one)| {
            let opens = one.record.get(OPENS)?;
            let mut chains = self.chains.iter();
            let (view, held) = chains.find(|(view, _)| opens == held::opens(view).as_bytes())?;
            Some(self.held(link, *view, &held[0]))
        });
        let knew = |logged: &&Logged| {
            chain
                .first()
                .is_some_and(|one| one.leaf < logged.epoch.size)
        };
        let epochs: Vec<&Logged> = self.epochs.iter().filter(knew).collect();
        Pack {
            log_key: self.key.public().clone(),
            view,
            checkpoint: self.checkpoint(now_us),
            earlier: self.all_earlier(&epochs),
            epochs: epochs
                .iter()
                .map(|logged| self.stood(view, logged))
                .collect(),
            links: links.collect(),
            held: held.collect(),
            statements: self.statements.iter().map(|one| self.stated(one)).collect(),
        }
    }

    /// Who claims which leaf, complete and honest, as an auditor gets it.
    pub fn audit(&self, now_us: i64) -> Audit {
        let chain = |(view, written): (&ViewId, &Vec<Written>)| AuditedChain {
            audience: match written[0].record.get(GROUND) {
                Some(_) => Audience::Held,
                None => Audience::Person,
            },
            view: *view,
            links: written.iter().map(Written::audited).collect(),
        };
        Audit {
            log_key: self.key.public().clone(),
            checkpoint: self.checkpoint(now_us),
            leaves: self.leaves.clone(),
            epochs: (self.epochs.iter())
                .map(|logged| (logged.leaf, logged.epoch.clone()))
                .collect(),
            chains: self.chains.iter().map(chain).collect(),
            statements: (self.statements.iter())
                .map(|said| (said.leaf, said.statement.clone()))
                .collect(),
        }
    }

    fn held(&self, link: u32, view: ViewId, held: &Written) -> HeldEntry {
        let Content::Open { fields, .. } = held.content() else {
            unreachable!("what was written opens")
        };
        HeldEntry {
            link,
            view,
            time_us: held.time_us,
            opening: held.opening.clone(),
            fields,
            place: self.place(held.leaf),
        }
    }

    fn stated(&self, said: &Said) -> StatementProof {
        StatementProof {
            statement: said.statement.clone(),
            place: self.place(said.leaf),
        }
    }

    /// The checkpoints that first covered these epochs and all statements, in their order.
    fn all_earlier(&self, epochs: &[&Logged]) -> Vec<EarlierCheckpoint> {
        let epochs = epochs.iter().map(|one| (one.leaf, &one.checkpoint));
        let statements = self
            .statements
            .iter()
            .map(|one| (one.leaf, &one.checkpoint));
        let mut covering: Vec<_> = epochs.chain(statements).collect();
        covering.sort_by_key(|(leaf, _)| *leaf);
        let earlier = covering.into_iter();
        earlier
            .map(|(leaf, checkpoint)| self.earlier(leaf, checkpoint))
            .collect()
    }

    fn earlier(&self, leaf: u64, checkpoint: &SignedNote) -> EarlierCheckpoint {
        let (old, new) = (leaf + 1, self.leaves.len() as u64);
        EarlierCheckpoint {
            checkpoint: checkpoint.clone(),
            consistency: consistency_proof(old, new, |node| self.node(node)).unwrap(),
        }
    }

    fn stood(&self, view: ViewId, logged: &Logged) -> EpochProof {
        let chain = self.chains[&view].iter();
        let then = chain.take_while(|one| one.leaf < logged.epoch.size);
        let position = Position::of(&logged.vrf.hash(&view.0));
        EpochProof {
            epoch: logged.epoch.clone(),
            place: self.place(logged.leaf),
            position: logged.vrf.prove(&view.0),
            head: then.fold(Head::EMPTY, |head, one| head.append(&one.commitment)),
            opening: self.map_opening(logged.epoch.number, &position),
            path: logged.map.path(&position).unwrap(),
        }
    }
}

impl Written {
    /// Closed, but for what an auditor sees.
    fn audited(&self) -> AuditedLink {
        AuditedLink {
            commitment: self.commitment,
            leaf: Some(self.leaf),
            opened: Some(AuditedEntry {
                time_us: self.time_us,
                opening: self.opening.clone(),
                record: AuditedRecord::of(&self.record, &self.salts),
            }),
        }
    }

    pub fn content(&self) -> Content {
        let withhold = |field: &Field| (field.name == "closed").then_some(Reason::ThirdParty);
        Content::Open {
            time_us: self.time_us,
            opening: self.opening.clone(),
            fields: PackField::of_record(&self.record, &self.salts, withhold),
        }
    }
}

pub fn record(fields: &[(&str, &str)]) -> Record {
    let field = |(name, value): &(&str, &str)| Field {
        name: (*name).to_owned(),
        value: value.as_bytes().to_vec(),
    };
    Record::new(fields.iter().map(field).collect()).unwrap()
}

/// Netta Dunsmore's own view.
pub const NETTA: ViewId = ViewId([0x4e; 32]);
/// Callum Orr's own view.
pub const CALLUM: ViewId = ViewId([0x43; 32]);

/// A morning in which Netta was spoken of four times and Callum twice, with two epochs.
pub fn morning() -> Keeper {
    let mut log = Keeper::new();
    let told = |what| {
        [
            ("closed", "her sister rang"),
            ("what", what),
            ("with", "Northburn social work"),
        ]
    };
    log.write(NETTA, MONDAY, &told("allergies"));
    log.write(CALLUM, MONDAY + MINUTE, &told("tenancy"));
    log.write(NETTA, MONDAY + 2 * MINUTE, &told("medicines"));
    log.epoch(MONDAY + HOUR);
    log.write(NETTA, MONDAY + 62 * MINUTE, &told("letters"));
    log.write(CALLUM, MONDAY + 63 * MINUTE, &told("tenancy"));
    log.write(NETTA, MONDAY + 64 * MINUTE, &told("letters"));
    log.epoch(MONDAY + 2 * HOUR);
    log
}
