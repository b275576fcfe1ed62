//! Slips: each writes one rule of the model wrongly. Whatever tells the slipped model from the engine
//! would tell an engine with the same fault from the model.

macro_rules! slips {
    ($( $name:ident = $rule:literal; )*) => {
        /// One rule written wrongly.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Slip { $( $name, )* }

        impl Slip {
            pub const ALL: &'static [Slip] = &[ $( Slip::$name, )* ];

            /// The rule that it breaks, with its place in the papers.
            pub fn breaks(self) -> &'static str {
                match self { $( Slip::$name => $rule, )* }
            }
        }
    };
}

slips! {
    RevokedSessionWorks = "gate 0: a revoked session is nobody's (V24)";
    BarYieldsToEmergency = "gate 1: a bar survives an emergency (5.3)";
    BarLapses = "gate 1: a bar never opens by a missed review (2.6)";
    OwnCoverStands = "gate 1: no agency bars its own complained-of conduct alone (2.6.8)";
    AdoptionIsOrdinary = "gate 1: an earlier identity is its keeper's alone (5.6)";
    OriginatorIsNotAsked = "gate 1: what came from police, MAPPA or MARAC is theirs to release (R19)";
    OfficerReadsHealthRecords = "gate 2: health records go to the nominated reader alone (V15)";
    ClosedInquiryOpens = "gate 2: with the inquiry closed a requirement opens nothing (story 6)";
    ProtectionWaitsItsTurn = "gate 2: protection is decided within the hour (5.2)";
    AnyoneMayBreakGlass = "gate 3: emergency access is for clinicians";
    EmergencyNeedsNoReason = "gate 3: an emergency is given a reason (5.3)";
    LockYieldsToEmergency = "gate 3: a lock stays shut, its holder is named (V11)";
    SealSurvivesEmergency = "gate 3: a seal opens in an emergency (V10)";
    ObjectionBindsAll = "gates 2 and 3: an objection gives way to law, life and protection";
    SuspectSeesWhereabouts = "gate 4: a suspect does not learn whereabouts, visits, plans (2.6.6)";
    UndatedIsOld = "gate 4: what has no known date counts as written since (0040)";
    CoercedSeesAll = "gate 4: what tells of abuse is absent from a watched screen (V51)";
    AnyGroundDelays = "gate 4: only a closed ground delays (2.6.1)";
    DelayNeverOpens = "gate 4: a delay opens at its date (P11)";
    RenewedDelayOpens = "gate 4: a renewed delay holds (2.6)";
    DistressIsHarm = "gate 4: distress is no serious harm (story 6)";
    StaleOpinionStands = "gate 4: an opinion on health counts for 183 days (0040)";
    ProfessionalIsHidden = "gate 4: a professional who took part is named (SAR-prof)";
    UnreadDenyIsDropped = "gate 5, LEAP (c): an unknown code in a no is read by a person (V18)";
    NewestConsentWins = "gate 5, LEAP (a): an older specific no stands (V17)";
    ReplacedConsentCounts = "gate 5: a supersession link wins (1.1)";
    SiblingsPermit = "gate 5: among siblings of one depth the refusal wins (1.1)";
    OneNestingLevel = "gate 5, LEAP (b): provisions nest (1.1)";
    LabelIsExact = "gate 5, LEAP (d): deny R means R and above, permit N up to N (V20)";
    PurposeIsExact = "gate 5, LEAP (d): a purpose covers every kind of itself (V21)";
    NestedPeriodIgnored = "gate 5, LEAP (e): a nested period counts";
    WhenWrittenIsIgnored = "gate 5, LEAP (e): dataPeriod counts";
    TwelveADayLate = "gate 5: understanding is presumed from the twelfth birthday (CHI-208)";
    SixteenADayLate = "gate 6: parental rights end at the sixteenth birthday (V47)";
    UnknownIsCapable = "gate 6: capacity nobody assessed is not capable (AWI-belief)";
    UnknownIsIncapable = "gate 6: capacity nobody assessed is not incapable (AWI-cap)";
    BeliefOpensAll = "gate 6: a belief opens ordinary information only (V29)";
    UnregisteredPowerActs = "gate 6: a power acts once registered (AWI-POA)";
    MoneyAttorneyReadsHealth = "gate 6: a money attorney has money (V30)";
    SuspendedPowerActs = "gate 6: a suspended power is none (5.6)";
    ExpiredPowerActs = "gate 6: an expired order opens nothing (V35)";
    RenewalIsIgnored = "gate 6: a renewal lodged in time carries on (AWI-renew)";
    GuardianEndsNothing = "gate 6: a guardian ends an attorney's same power (AWI-end)";
    AttorneyComesBack = "gate 6: a guardian ends an attorney's same power for good (0098)";
    JointActsAlone = "gate 6: joint holders act together";
    FellowsAreNotHeard = "gate 6: joint holders act where each other one says yes (0098)";
    NamedPersonActsForAll = "gate 6: a named person acts in proceedings and in nothing else (0098)";
    ClaimIsAboutEverything = "gate 6: a claim from a death says what it is about (0098)";
    ActReachesBack = "gate 6: what was written before November 1991 is outside the 1990 Act (0098)";
    ChildAsksForItself = "gate 4: under twelve, who asks for all of it is found to understand (0098)";
    DisagreementIsIgnored = "gate 6: two attorneys who disagree are referred";
    ParentReadsAll = "gate 6: a young person who understands decides (V40)";
    DeadManHasNoWish = "gate 6: who asked for silence after death is obeyed (R17)";
    RelativeIsLeftOut = "gate 6: the nearest relative is told in general (V32)";
    ReceptionStandsIn = "gate 7: only clinicians stand in for each other";
    ClaimNeedsNoReason = "gate 7: a claimed relationship is given a reason (V04)";
    UnsignedDecisionCounts = "gate 7: a decision in the public interest is signed (5.3)";
    LapsedAgreementFeeds = "gate 7: a feed needs an agreement in force (V09)";
    SafetyFeedIsHeld = "gate 7: a safety feed goes on without one (V09)";
    CareIsPaused = "gates 7 and 8: care never waits for a challenge (story 2)";
    SafetyIsPaused = "gates 7 and 8: a recorded reason of safety lets it go on (story 2)";
    AnyAreaWillDo = "gate 8: what is closely held opens by care area (V02)";
    UnsortedOpensToAll = "gate 8: what nobody sorted is for the evidenced team (1.1)";
    ResearchNeedsNoApproval = "gate 8: a secondary use has no basis of its own (V23)";
    UndeterminedIsRefused = "gate 8: what is undetermined is referred, never refused (5.3)";
    VeryRestrictedIsSaid = "all: what is very restricted is not even said to be withheld";
}
