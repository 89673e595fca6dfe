//! The one thing this crate knows of databases: how its own value types are read and written.
//!
//! Only the crate that defines a type may implement a foreign trait for it, so the stores cannot do this.
//! With neither `sqlx-postgres` nor `sqlx-sqlite` the macros here expand to nothing.

/// Reads and writes an enum by the text that its `as_str` gives and its `FromStr` takes.
macro_rules! sql_text {
    ($name:ty) => {
        #[cfg(any(feature = "sqlx-postgres", feature = "sqlx-sqlite"))]
        const _: () = {
            impl<DB: sqlx::Database> sqlx::Type<DB> for $name
            where
                str: sqlx::Type<DB>,
            {
                fn type_info() -> DB::TypeInfo {
                    <str as sqlx::Type<DB>>::type_info()
                }
                fn compatible(ty: &DB::TypeInfo) -> bool {
                    <str as sqlx::Type<DB>>::compatible(ty)
                }
            }
            impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $name
            where
                &'static str: sqlx::Encode<'q, DB>,
            {
                fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                    let text: &'static str = self.as_str();
                    sqlx::Encode::<'q, DB>::encode_by_ref(&text, buf)
                }
            }
            impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name
            where
                &'r str: sqlx::Decode<'r, DB>,
            {
                fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                    let text = <&'r str as sqlx::Decode<'r, DB>>::decode(value)?;
                    Ok(text.parse::<Self>()?)
                }
            }
        };
    };
}

/// An enum whose values have one name each, the same in table, JSON and code.
macro_rules! names {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in tables, JSON and the API.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err($crate::error::UnknownName(stringify!($name))) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        $crate::sql::sql_text!($name);

        // By hand, because the derive does not see through a macro's literals.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let names = Self::ALL.iter().map(|value| value.as_str());
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(names))
                    .build()
                    .into()
            }
        }
        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

pub(crate) use {names, sql_text};
