//! What a fuzzer reaches of contracts. Only in builds for fuzzing (`fuzz/`) and for tests, where the committed inputs are
//! played again.

use super::Contract;
use crate::printable::printable;

/// Reads a contract, which must not panic: what is one survives the store and its own file, what is none is told in a
/// line that can be shown.
///
/// # Panics
/// When it does not, or is not.
pub fn contract(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Contract::parse(text, "contract.yaml") {
        Ok(contract) => {
            let stored = serde_json::to_string(&contract).expect("it can be stored");
            assert_eq!(serde_json::from_str::<Contract>(&stored).expect("it can be read again"), contract);
            let file = serde_yaml::to_string(&contract).expect("it can be written");
            for text in [stored, file] {
                assert_eq!(Contract::parse(&text, "contract.yaml").as_ref(), Ok(&contract), "{text}");
            }
        }
        Err(error) => {
            let message = error.to_string();
            assert_eq!(printable(&message), message);
            assert!(message.starts_with("contract.yaml"), "{message}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chassis::runtime;
    use crate::corpus::inputs;

    #[test]
    fn no_contract_that_was_found_worth_keeping_makes_the_reader_panic() {
        for input in inputs("contracts") {
            contract(&input);
        }
    }

    #[test]
    fn no_guest_that_was_found_worth_keeping_gets_out_of_its_memory() {
        for input in inputs("guests") {
            runtime::fuzzing::guest(&input);
        }
    }

    #[test]
    fn no_component_that_was_found_worth_keeping_makes_the_scales_panic() {
        for input in inputs("components") {
            runtime::fuzzing::component(&input);
        }
    }
}
