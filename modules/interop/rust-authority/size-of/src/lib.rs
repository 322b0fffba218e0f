// SPDX-License-Identifier: Apache-2.0

//! Replaces the crate `size-of`, which has not compiled since rustc refuses calling conventions that the machine does not have. It tells a
//! terminal's editor how much memory it takes, which nobody asks here.

pub use size_of_derive::SizeOf;

pub struct TotalSize(usize);

impl TotalSize {
    pub fn total_bytes(&self) -> usize {
        self.0
    }
}

pub trait SizeOf {
    fn size_of(&self) -> TotalSize;
}

impl<T: ?Sized> SizeOf for T {
    fn size_of(&self) -> TotalSize {
        TotalSize(std::mem::size_of_val(self))
    }
}
