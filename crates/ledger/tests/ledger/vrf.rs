//! The vectors of RFC 9381, appendix B.3 (examples 16 to 18), and what may not be believed.

use ledger::{VrfError, VrfKey, VrfProof, VrfPublicKey};

struct Example {
    seed: &'static str,
    public: &'static str,
    input: &'static str,
    proof: &'static str,
    hash: &'static str,
}

const PUBLISHED: [Example; 3] = [
    Example {
        seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        public: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        input: "",
        proof: "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f\
                26f8a57ccaed74ee1b190bed1f479d97\
                27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805",
        hash: "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff\
               66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae",
    },
    Example {
        seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        public: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        input: "72",
        proof: "f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed593\
                3bf0864a62558b3ed7f2fea45c92a465\
                301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02",
        hash: "eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb\
               5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031",
    },
    Example {
        seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        public: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        input: "af82",
        proof: "9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf80\
                96bb474e53895c362d8628ee9f9ea3c0\
                e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e",
        hash: "645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c45\
               2118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f",
    },
];

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    read(hex).try_into().unwrap()
}

fn read(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn proofs_and_hashes_are_the_published_ones() {
    for example in PUBLISHED {
        let key = VrfKey::from_seed(&bytes(example.seed));
        let (input, proof) = (read(example.input), VrfProof(bytes(example.proof)));
        assert_eq!(key.public().as_bytes(), &bytes(example.public));
        assert_eq!(key.prove(&input), proof);
        assert_eq!(key.hash(&input), bytes(example.hash));
        let public = VrfPublicKey::new(bytes(example.public)).unwrap();
        assert_eq!(public.verify(&input, &proof), Ok(bytes(example.hash)));
    }
}

#[test]
fn no_flipped_bit_of_a_proof_is_believed() {
    let key = VrfKey::from_seed(&bytes(PUBLISHED[1].seed));
    let proof = key.prove(b"a view");
    for bit in 0..80 * 8 {
        let mut forged = proof;
        forged.0[bit / 8] ^= 1 << (bit % 8);
        let believed = key.public().verify(b"a view", &forged);
        assert_eq!(believed, Err(VrfError::Proof), "bit {bit}");
    }
}

#[test]
fn a_proof_is_for_one_key_and_one_input() {
    let [ours, theirs] = [1, 2].map(|seed| VrfKey::from_seed(&[seed; 32]));
    let proof = ours.prove(b"a view");
    assert!(ours.public().verify(b"a view", &proof).is_ok());
    assert!(ours.public().verify(b"another", &proof).is_err());
    assert!(theirs.public().verify(b"a view", &proof).is_err());
}

#[test]
fn a_key_that_would_make_every_proof_true_is_refused() {
    // The neutral point, a point of order two, a number beyond the field, and no point at all.
    let beyond = {
        let mut bytes = [0xff; 32];
        bytes[0] = 0xee;
        bytes[31] = 0x7f;
        bytes
    };
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut order_two = [0xff; 32];
    order_two[0] = 0xec;
    order_two[31] = 0x7f;
    for wrong in [neutral, order_two, beyond, [2; 32]] {
        assert_eq!(VrfPublicKey::new(wrong), Err(VrfError::PublicKey));
    }
}
