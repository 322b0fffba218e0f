// SPDX-License-Identifier: Apache-2.0

//! Stands in for the yanked crate `core2` where the standard library is there anyway.

pub use std::{error, io};
