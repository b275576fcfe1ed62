//! JSON laid out for reading: white space between values, and every value as it stands.

/// Lays JSON out with two blanks for each level. What is not JSON comes back in some layout.
#[must_use]
pub fn pretty(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for byte in json.iter().copied() {
        if in_text {
            out.push(byte);
            in_text = byte != b'"' || is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {}
            b'"' => {
                in_text = true;
                out.push(byte);
            }
            b'{' | b'[' => {
                out.push(byte);
                depth += 1;
                new_line(&mut out, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                new_line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => out.push(byte),
        }
    }
    out
}

fn new_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + depth * 2, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_as_they_were() {
        let told = pretty(br#"{"a": 107.50,"b":["x, \"y\": {z}",true]}"#);
        let expected =
            "{\n  \"a\": 107.50,\n  \"b\": [\n    \"x, \\\"y\\\": {z}\",\n    true\n  ]\n}";
        assert_eq!(String::from_utf8(told).unwrap(), expected);
    }
}
