// SPDX-License-Identifier: Apache-2.0

//! Derives nothing: everything has a size already.

use proc_macro::TokenStream;

#[proc_macro_derive(SizeOf)]
pub fn derive(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
