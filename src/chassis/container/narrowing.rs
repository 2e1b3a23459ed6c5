//! Narrowing: a caller may give a container less than its contract allows, never more.

use std::fmt;
use std::str::FromStr;

use crate::chassis::Limits;
use crate::chassis::contract::ResourceRequirements;

/// The least memory that Docker gives to a container, in bytes.
const LEAST_MEMORY: u64 = 6 << 20;

/// An amount of memory, as container runtimes write it: `256m`, `1g`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemoryLimit(u64);

/// A share of cores, as container runtimes write it: `0.25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CpuLimit {
    thousandths: u32,
}

/// The text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// No amount of memory.
    #[error("is no amount of memory such as 256m: a whole number and b, k, m or g")]
    Memory,
    /// Less than a container can be given.
    #[error("is less than the 6m that a container needs")]
    LittleMemory,
    /// No share of a core.
    #[error("is no share of a core such as 0.25: a number from 0.01, of three places at most")]
    Cpu,
}

impl FromStr for MemoryLimit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let shift = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kb" => 10,
            "m" | "mb" => 20,
            "g" | "gb" => 30,
            _ => return Err(LimitError::Memory),
        };
        let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
        match bytes.ok_or(LimitError::Memory)? {
            little if little < LEAST_MEMORY => Err(LimitError::LittleMemory),
            bytes => Ok(Self(bytes)),
        }
    }
}

impl fmt::Display for MemoryLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1 << 20) { write!(f, "{}m", self.0 >> 20) } else { write!(f, "{}b", self.0) }
    }
}

impl FromStr for CpuLimit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() > 8 || places.len() > 3 || !is_number(whole) || !is_number(places) {
            return Err(LimitError::Cpu);
        }
        let thousandths = format!("0{whole}{places:0<3}").parse().map_err(|_| LimitError::Cpu)?;
        if thousandths < 10 { Err(LimitError::Cpu) } else { Ok(Self { thousandths }) }
    }
}

impl fmt::Display for CpuLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.thousandths / 1000, self.thousandths % 1000)
    }
}

/// What a caller asks for besides the contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// So much memory.
    pub memory: Option<MemoryLimit>,
    /// Such a share of cores.
    pub cpu: Option<CpuLimit>,
}

/// The contract does not allow so much, or too little.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooWide {
    /// Of memory.
    #[error(
        "--memory-limit {wanted} is more than the {allowed} of the contract (max_memory_mb), which options can only narrow"
    )]
    Memory {
        /// What was asked for.
        wanted: MemoryLimit,
        /// What the contract allows.
        allowed: MemoryLimit,
    },
    /// Of cores.
    #[error(
        "--cpu-limit {wanted} is more than the {allowed} of the contract (max_cpu_percent), which options can only narrow"
    )]
    Cpu {
        /// What was asked for.
        wanted: CpuLimit,
        /// What the contract allows.
        allowed: CpuLimit,
    },
    /// The contract allows less memory than any container needs.
    #[error("the contract allows {0} of memory (max_memory_mb), a container needs 6m")]
    Little(MemoryLimit),
}

/// What a container may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerLimits {
    /// As for every guest; memory is the container's.
    pub limits: Limits,
    /// Its share of cores.
    pub cpu: CpuLimit,
}

impl Narrowing {
    /// The limits of a container under a contract.
    ///
    /// # Errors
    /// [`TooWide`] when more is asked for than the contract allows.
    pub fn within(self, contract: &ResourceRequirements) -> Result<ContainerLimits, TooWide> {
        let memory = MemoryLimit(u64::from(contract.max_memory_mb.get()) << 20);
        let cpu = CpuLimit { thousandths: contract.max_cpu_percent.get() * 10 };
        if memory.0 < LEAST_MEMORY {
            return Err(TooWide::Little(memory));
        }
        if let Some(wanted) = self.memory.filter(|wanted| *wanted > memory) {
            return Err(TooWide::Memory { wanted, allowed: memory });
        }
        if let Some(wanted) = self.cpu.filter(|wanted| *wanted > cpu) {
            return Err(TooWide::Cpu { wanted, allowed: cpu });
        }
        let memory_bytes = usize::try_from(self.memory.unwrap_or(memory).0).unwrap_or(usize::MAX);
        let limits = Limits { memory_bytes, ..Limits::from(contract) };
        Ok(ContainerLimits { limits, cpu: self.cpu.unwrap_or(cpu) })
    }
}

impl CpuLimit {
    /// As container runtimes count it back.
    pub(in crate::chassis) fn nanos(self) -> i64 {
        i64::from(self.thousandths) * 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_container_runtimes_write_them() {
        for (text, bytes) in [("256m", 256 << 20), ("1G", 1 << 30), ("6291456", 6 << 20), ("8192kb", 8 << 20)]
        {
            assert_eq!(text.parse(), Ok(MemoryLimit(bytes)), "{text}");
        }
        for text in ["", "m", "-1m", "1.5g", "256t", "256m ", "99999999999999999999", "18446744073709551615g"]
        {
            assert_eq!(text.parse::<MemoryLimit>(), Err(LimitError::Memory), "{text}");
        }
        assert_eq!("5m".parse::<MemoryLimit>(), Err(LimitError::LittleMemory));
        for (text, thousandths) in
            [("0.25", 250), (".5", 500), ("1", 1000), ("1.", 1000), ("0.010", 10), ("64", 64_000)]
        {
            assert_eq!(text.parse(), Ok(CpuLimit { thousandths }), "{text}");
        }
        for text in ["", ".", "0", "0.009", "-1", "1e3", "0.2500", "NaN", "+1", "999999999"] {
            assert_eq!(text.parse::<CpuLimit>(), Err(LimitError::Cpu), "{text}");
        }
    }

    #[test]
    fn options_narrow_a_contract_and_never_widen_it() {
        let contract: ResourceRequirements =
            serde_yaml::from_str("{max_memory_mb: 64, max_cpu_percent: 25, max_execution_time_seconds: 7}")
                .unwrap();
        let within = |memory: Option<&str>, cpu: Option<&str>| {
            let memory = memory.map(|text| text.parse().unwrap());
            let cpu = cpu.map(|text| text.parse().unwrap());
            Narrowing { memory, cpu }.within(&contract)
        };
        let whole = within(None, None).unwrap();
        assert_eq!((whole.limits.memory_bytes, whole.cpu.nanos()), (64 << 20, 250_000_000));
        assert_eq!(within(Some("64m"), Some("0.25")).unwrap(), whole);
        let narrow = within(Some("16m"), Some("0.1")).unwrap();
        assert_eq!((narrow.limits.memory_bytes, narrow.cpu.nanos()), (16 << 20, 100_000_000));
        assert_eq!(narrow.limits.execution_time, whole.limits.execution_time);
        let memory = within(Some("65m"), None).unwrap_err().to_string();
        assert!(memory.starts_with("--memory-limit 65m is more than the 64m of the contract"), "{memory}");
        let cpu = within(None, Some("0.251")).unwrap_err().to_string();
        assert!(cpu.starts_with("--cpu-limit 0.251 is more than the 0.250 of the contract"), "{cpu}");
        let tiny: ResourceRequirements = serde_yaml::from_str("{max_memory_mb: 5}").unwrap();
        assert!(matches!(Narrowing::default().within(&tiny), Err(TooWide::Little(_))));
    }
}
