//! How a reference's target is kept: an id of ours in 17 bytes, anything else as its text.

use domain::ResourceId;

/// The first byte says which it is, so that no text can be taken for an id.
pub(super) fn target(id: &str) -> Vec<u8> {
    match id.parse::<ResourceId>() {
        Ok(ResourceId(bytes)) => [&[1], bytes.as_slice()].concat(),
        Err(_) => [&[0], id.as_bytes()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_ours_takes_seventeen_bytes_and_a_text_never_passes_for_one() {
        let ours = ResourceId([0x41; 16]);
        assert_eq!(target(&ours.to_string()).len(), 17);
        assert_eq!(target("AAAAAAAAAAAAAAAA").len(), 17);
        assert_ne!(target(&ours.to_string()), target("AAAAAAAAAAAAAAAA"));
    }
}
