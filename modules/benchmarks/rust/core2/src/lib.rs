// SPDX-License-Identifier: Apache-2.0

//! Replaces the yanked crate `core2` where the standard library is available anyway.

pub use std::{error, io};
