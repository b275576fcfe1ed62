//! Reads an expression into its tree (<http://hl7.org/fhirpath/N1/grammar.html>).

use regex::RegexBuilder;

use super::SyntaxError;
use super::ast::{Expr, Literal, Operator, TypeName};
use super::functions;
use super::lexer::{Token, tokens};
use super::temporal::Temporal;
use super::value::Quantity;

/// The most expressions within one another.
const DEEPEST: usize = 60;

/// How tightly `is` and `as` bind: more than `|`, less than sums.
const OF_TYPE: u8 = 8;

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expr, SyntaxError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        end: text.len(),
    };
    let tree = parser.expression(0)?;
    match parser.peek() {
        None => Ok(tree),
        Some(_) => parser.wrong("nothing is expected after the expression"),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: usize,
    end: usize,
}

type Read<T> = Result<T, SyntaxError>;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn wrong<T>(&self, what: impl Into<String>) -> Read<T> {
        let at = self.tokens.get(self.at).map_or(self.end, |(at, _)| *at);
        let what = what.into();
        Err(SyntaxError { at, what })
    }

    /// Takes a sign if it is next.
    fn takes(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn needs(&mut self, sign: &str) -> Read<()> {
        match self.takes(sign) {
            true => Ok(()),
            false => self.wrong(format!("expected {sign}")),
        }
    }

    /// An expression whose operators bind at least so tightly.
    fn expression(&mut self, least: u8) -> Read<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("too many expressions within one another");
        }
        let mut left = self.operand()?;
        loop {
            if let Some(made) = self.type_test(&mut left, least)? {
                left = made;
                continue;
            }
            let Some((operator, tightness)) = self.operator() else {
                break;
            };
            if tightness < least {
                break;
            }
            self.at += 1;
            let right = self.expression(tightness + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    /// `is T` or `as T` after an expression.
    fn type_test(&mut self, left: &mut Expr, least: u8) -> Read<Option<Expr>> {
        let is = match self.peek() {
            Some(Token::Word(word)) if word == "is" => true,
            Some(Token::Word(word)) if word == "as" => false,
            _ => return Ok(None),
        };
        if OF_TYPE < least {
            return Ok(None);
        }
        self.at += 1;
        let of = self.type_name()?;
        let left = Box::new(std::mem::replace(left, Expr::This));
        Ok(Some(match is {
            true => Expr::Is(left, of),
            false => Expr::As(left, of),
        }))
    }

    fn type_name(&mut self) -> Read<TypeName> {
        let first = self.name()?;
        if !self.takes(".") {
            return Ok(TypeName {
                namespace: None,
                name: first,
            });
        }
        Ok(TypeName {
            namespace: Some(first),
            name: self.name()?,
        })
    }

    /// The operator that is next, with how tightly it binds.
    fn operator(&self) -> Option<(Operator, u8)> {
        let sign = match self.peek()? {
            Token::Sign(sign) => sign,
            Token::Word(word) => word.as_str(),
            _ => return None,
        };
        Some(match sign {
            "implies" => (Operator::Implies, 0),
            "or" => (Operator::Or, 1),
            "xor" => (Operator::Xor, 1),
            "and" => (Operator::And, 2),
            "in" => (Operator::In, 3),
            "contains" => (Operator::Contains, 3),
            "=" => (Operator::Equal, 5),
            "!=" => (Operator::NotEqual, 5),
            "~" => (Operator::Equivalent, 5),
            "!~" => (Operator::NotEquivalent, 5),
            "<" => (Operator::Less, 6),
            "<=" => (Operator::LessOrEqual, 6),
            ">" => (Operator::Greater, 6),
            ">=" => (Operator::GreaterOrEqual, 6),
            "|" => (Operator::Union, 7),
            "+" => (Operator::Add, 9),
            "-" => (Operator::Subtract, 9),
            "&" => (Operator::Join, 9),
            "*" => (Operator::Multiply, 10),
            "/" => (Operator::Divide, 10),
            "div" => (Operator::DivideWhole, 10),
            "mod" => (Operator::Modulo, 10),
            _ => return None,
        })
    }

    /// A term with its sign, and what follows it by `.` and `[ ]`.
    fn operand(&mut self) -> Read<Expr> {
        if self.takes("-") {
            return Ok(Expr::Negative(Box::new(self.operand_within()?)));
        }
        if self.takes("+") {
            return self.operand_within();
        }
        let mut term = self.term()?;
        loop {
            if self.takes(".") {
                let next = self.invocation()?;
                term = Expr::Then(Box::new(term), Box::new(next));
            } else if self.takes("[") {
                let index = self.expression(0)?;
                self.needs("]")?;
                term = Expr::Item(Box::new(term), Box::new(index));
            } else {
                return Ok(term);
            }
        }
    }

    /// An operand after a sign, counted as one deeper.
    fn operand_within(&mut self) -> Read<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("too many expressions within one another");
        }
        let found = self.operand()?;
        self.depth -= 1;
        Ok(found)
    }

    fn term(&mut self) -> Read<Expr> {
        if self.takes("(") {
            let inner = self.expression(0)?;
            self.needs(")")?;
            return Ok(inner);
        }
        if self.takes("{") {
            self.needs("}")?;
            return Ok(Expr::Literal(None));
        }
        let Some(token) = self.peek().cloned() else {
            return self.wrong("the expression ends too early");
        };
        let literal = match token {
            Token::Text(text) => Literal::Text(text),
            Token::Number(number) => return self.number(&number),
            Token::Moment(text) => match Temporal::parse(&text) {
                Some(temporal) => Literal::Temporal(temporal),
                None => return self.wrong("this is no date or time"),
            },
            Token::Variable(name) => {
                self.at += 1;
                return Ok(Expr::Variable(name));
            }
            Token::Word(word) if word == "true" || word == "false" => {
                Literal::Boolean(word == "true")
            }
            _ => return self.invocation(),
        };
        self.at += 1;
        Ok(Expr::Literal(Some(literal)))
    }

    /// A number, or a quantity where a unit follows.
    fn number(&mut self, text: &str) -> Read<Expr> {
        let Ok(value) = text.parse::<f64>() else {
            return self.wrong("this is no number");
        };
        self.at += 1;
        let unit = match self.peek() {
            Some(Token::Text(unit)) => Some(unit.clone()),
            Some(Token::Word(word)) => calendar_unit(word).map(str::to_owned),
            _ => None,
        };
        let literal = match (unit, text.parse()) {
            (Some(unit), _) => {
                self.at += 1;
                Literal::Quantity(Quantity { value, unit })
            }
            (None, Ok(whole)) => Literal::Integer(whole),
            (None, Err(_)) => Literal::Decimal(value),
        };
        Ok(Expr::Literal(Some(literal)))
    }

    /// A name, a function or one of `$this`, `$index`, `$total`.
    fn invocation(&mut self) -> Read<Expr> {
        if let Some(Token::Special(word)) = self.peek() {
            let special = match word.as_str() {
                "this" => Expr::This,
                "index" => Expr::Index,
                "total" => Expr::Total,
                _ => return self.wrong("expected $this, $index or $total"),
            };
            self.at += 1;
            return Ok(special);
        }
        let start = self.at;
        let name = self.name()?;
        if !self.takes("(") {
            return Ok(Expr::Name(name));
        }
        let Some(function) = functions::named(&name) else {
            self.at = start;
            return self.wrong(format!("the function {name} is not known here"));
        };
        let mut args = Vec::new();
        while !self.takes(")") {
            if !args.is_empty() {
                self.needs(",")?;
            }
            args.push(self.expression(0)?);
        }
        if !function.args.contains(&args.len()) {
            self.at = start;
            return self.wrong(format!("{name} takes another number of arguments"));
        }
        if function.takes_pattern {
            self.pattern(&mut args)?;
        }
        Ok(Expr::Call(function, args))
    }

    /// Reads a regular expression as written once, and not at each use.
    fn pattern(&self, args: &mut [Expr]) -> Read<()> {
        if let Some(first) = args.first_mut()
            && let Expr::Literal(Some(Literal::Text(text))) = first
        {
            *first = match regex_of(text) {
                Some(regex) => Expr::Pattern(regex),
                None => return self.wrong("the regular expression cannot be read"),
            };
        }
        Ok(())
    }

    fn name(&mut self) -> Read<String> {
        match self.peek() {
            Some(Token::Word(name) | Token::Quoted(name)) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            _ => self.wrong("expected a name or a value"),
        }
    }
}

/// A regular expression in which a dot is any character, as FHIRPath has it.
pub(super) fn regex_of(text: &str) -> Option<regex::Regex> {
    let mut builder = RegexBuilder::new(text);
    builder.dot_matches_new_line(true).build().ok()
}

/// A unit of the calendar written as a word.
fn calendar_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "year" | "years" => "year",
        "month" | "months" => "month",
        "week" | "weeks" => "week",
        "day" | "days" => "day",
        "hour" | "hours" => "hour",
        "minute" | "minutes" => "minute",
        "second" | "seconds" => "second",
        "millisecond" | "milliseconds" => "millisecond",
        _ => return None,
    })
}
