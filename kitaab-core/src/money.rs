//! Money: whole minor units of one currency, never a fraction and never a float.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Problems;

/// The currencies in use, ISO 4217.
const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD",
    "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP",
    "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS",
    "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR",
    "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD",
    "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER",
    "ZAR", "ZMW", "ZWG",
];

/// Currencies without minor units (ISO 4217).
const WITHOUT_MINOR: &[&str] =
    &["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];
/// Currencies whose minor unit is a thousandth (ISO 4217).
const IN_THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// The largest amount, in minor units. A million of them still add up without overflow.
pub const AMOUNT_MAX: i64 = 9_999_999_999_999;

/// A currency in use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(&'static str);

impl Currency {
    /// The code: three capital letters.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// How many digits follow the point: 0, 2 or 3.
    #[must_use]
    pub fn digits(self) -> u32 {
        if WITHOUT_MINOR.contains(&self.0) {
            0
        } else if IN_THOUSANDTHS.contains(&self.0) {
            3
        } else {
            2
        }
    }
}

impl FromStr for Currency {
    type Err = crate::error::UnknownName;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let found = CURRENCIES.binary_search(&code).ok().and_then(|index| CURRENCIES.get(index));
        found.map(|code| Self(code)).ok_or(crate::error::UnknownName("Currency"))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

crate::sql::sql_text!(Currency);

/// Whether this is the code of a currency in use: three capital letters.
#[must_use]
pub fn is_currency(code: &str) -> bool {
    code.parse::<Currency>().is_ok()
}

/// An amount of one currency. It may be negative where it is a difference, such as a loss.
///
/// ```
/// use kitaab_core::money::Money;
/// let price: Money = "120.50 EUR".parse()?;
/// assert_eq!((price.minor, price.to_string()), (12_050, "120.50 EUR".into()));
/// # Ok::<(), kitaab_core::money::BadMoney>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Money {
    /// In minor units: cents, or fils, or whole yen.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMoney {
    /// Not digits, a point and digits.
    #[error("Give the amount as digits with a point, as in 120.50.")]
    Shape,
    /// More decimals than the currency has.
    #[error("The amount has more decimals than the currency.")]
    Decimals,
    /// More than can be kept.
    #[error("The amount is too large.")]
    TooLarge,
    /// No currency in use.
    #[error("Give a currency in use as ISO 4217 names it, such as EUR.")]
    Currency,
}

impl BadMoney {
    /// A stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Shape | Self::Currency => "invalid",
            Self::Decimals => "too_many_decimals",
            Self::TooLarge => "out_of_range",
        }
    }
}

impl Money {
    /// Reads an amount that is not negative.
    pub fn read(amount: &str, currency: Currency) -> Result<Self, BadMoney> {
        let (whole, part) = amount.split_once('.').map_or((amount, None), |(whole, part)| (whole, Some(part)));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || part.is_some_and(|part| !digits(part)) {
            return Err(BadMoney::Shape);
        }
        let (part, places) = (part.unwrap_or_default(), currency.digits() as usize);
        if part.len() > places {
            return Err(BadMoney::Decimals);
        }
        let minor = format!("{whole}{part:0<places$}").parse::<i64>().map_err(|_| BadMoney::TooLarge)?;
        if minor > AMOUNT_MAX { Err(BadMoney::TooLarge) } else { Ok(Self { minor, currency }) }
    }

    /// The amount without the currency, with all its decimals.
    #[must_use]
    pub fn amount(self) -> String {
        let (scale, places) = (10u64.pow(self.currency.digits()), self.currency.digits() as usize);
        let (sign, minor) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
        if places == 0 { format!("{sign}{minor}") } else { format!("{sign}{}.{:0places$}", minor / scale, minor % scale) }
    }

    /// This much an hour, for so many minutes: rounded once, half to even. None if it is too large to be kept.
    #[must_use]
    pub fn for_minutes(self, minutes: i64) -> Option<Self> {
        let product = i128::from(self.minor) * i128::from(minutes);
        let (whole, rest) = (product.div_euclid(60), product.rem_euclid(60));
        let up = rest > 30 || (rest == 30 && whole.rem_euclid(2) == 1);
        let minor = i64::try_from(whole + i128::from(up)).ok()?;
        (minor <= AMOUNT_MAX).then_some(Self { minor, ..self })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

impl FromStr for Money {
    type Err = BadMoney;
    fn from_str(text: &str) -> Result<Self, BadMoney> {
        let (amount, code) = text.split_once(' ').ok_or(BadMoney::Shape)?;
        Self::read(amount, code.parse().map_err(|_| BadMoney::Currency)?)
    }
}

/// Money as it is sent: the amount as text, so that nothing on the way rounds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GivenMoney {
    /// Digits with a point: `120.50`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9]{1,13}([.][0-9]{1,3})?$"))]
    pub amount: String,
    /// ISO 4217: `EUR`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
}

impl GivenMoney {
    /// Reads it, or notes what is wrong with which part of `field`.
    pub fn read(&self, field: &str, problems: &mut Problems) -> Option<Money> {
        let Ok(currency) = self.currency.parse() else {
            problems.add(format!("{field}.currency"), BadMoney::Currency.code(), BadMoney::Currency.to_string());
            return None;
        };
        match Money::read(&self.amount, currency) {
            Ok(money) => Some(money),
            Err(bad) => {
                problems.add(format!("{field}.amount"), bad.code(), bad.to_string());
                None
            }
        }
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        GivenMoney { amount: self.amount(), currency: self.currency.to_string() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let given = GivenMoney::deserialize(deserializer)?;
        let (sign, amount) = given.amount.strip_prefix('-').map_or((1, given.amount.as_str()), |amount| (-1, amount));
        let money = Self::read(amount, given.currency.parse().map_err(D::Error::custom)?).map_err(D::Error::custom)?;
        Ok(Self { minor: money.minor * sign, ..money })
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    impl utoipa::PartialSchema for super::Money {
        fn schema() -> RefOr<Schema> {
            let text = |pattern| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build();
            ObjectBuilder::new()
                .property("amount", text("^-?[0-9]+([.][0-9]{2,3})?$"))
                .required("amount")
                .property("currency", text("^[A-Z]{3}$"))
                .required("currency")
                .build()
                .into()
        }
    }
    impl utoipa::ToSchema for super::Money {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_list_is_sorted_as_the_search_needs_it() {
        assert!(CURRENCIES.is_sorted());
        assert!(WITHOUT_MINOR.iter().chain(IN_THOUSANDTHS).all(|code| is_currency(code)));
    }

    #[test]
    fn a_code_in_small_letters_or_out_of_use_is_none() {
        assert!(is_currency("EUR") && is_currency("AED") && is_currency("ZWG"));
        assert!(!is_currency("eur") && !is_currency("DEM") && !is_currency(""));
    }

    #[test]
    fn an_amount_has_as_many_decimals_as_its_currency() {
        for (text, minor, back) in [
            ("120.5 EUR", 12_050, "120.50 EUR"),
            ("0.07 EUR", 7, "0.07 EUR"),
            ("7 JPY", 7, "7 JPY"),
            ("1.005 KWD", 1_005, "1.005 KWD"),
            ("007 USD", 700, "7.00 USD"),
            ("99999999999.99 EUR", AMOUNT_MAX, "99999999999.99 EUR"),
        ] {
            let money: Money = text.parse().unwrap();
            assert_eq!((money.minor, money.to_string().as_str()), (minor, back));
        }
        assert_eq!(Money { minor: -5, currency: Currency("EUR") }.to_string(), "-0.05 EUR");
        let refused = [
            ("1.5 JPY", BadMoney::Decimals),
            ("1.001 EUR", BadMoney::Decimals),
            ("1.0001 KWD", BadMoney::Decimals),
            ("100000000000.00 EUR", BadMoney::TooLarge),
            ("99999999999999999999 EUR", BadMoney::TooLarge),
            ("1 DEM", BadMoney::Currency),
        ];
        for (text, why) in refused {
            assert_eq!(text.parse::<Money>(), Err(why), "{text}");
        }
        for text in ["-1", "+1", "1e3", "1.", ".5", "", "1,50", "1 ", "٣", "0x1", "1.-5", "NaN"] {
            assert_eq!(Money::read(text, Currency("EUR")), Err(BadMoney::Shape), "{text:?}");
        }
    }

    #[test]
    fn a_rate_for_minutes_rounds_half_to_even_once() {
        let euro = |minor| Money { minor, currency: Currency("EUR") };
        for (rate, minutes, amount) in [(6_000, 90, 9_000), (1, 30, 0), (3, 30, 2), (5, 30, 2), (100, 1, 2), (10_000, 0, 0)] {
            assert_eq!(euro(rate).for_minutes(minutes), Some(euro(amount)), "{rate} × {minutes}");
        }
        assert_eq!(euro(AMOUNT_MAX).for_minutes(61), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(minor in 0..=AMOUNT_MAX, index in 0..CURRENCIES.len()) {
            let money = Money { minor, currency: Currency(CURRENCIES[index]) };
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }
    }
}
