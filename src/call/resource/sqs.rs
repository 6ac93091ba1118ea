//! Queues of Amazon SQS.

use crate::call::Call;
use crate::iam::{Location, Pattern, Piece};

/// The ARN that belongs to a URL: `https://HOST/ACCOUNT/NAME`. If the host contains no region, it is the
/// region of the state machine, because tasks call no other. `None` for what is not the URL of a queue.
pub(crate) fn queue(call: &Call<'_, '_>, url: &Pattern) -> Vec<Pattern> {
    let rest = match url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) {
        Some(rest) => rest,
        None if url.beginning().is_empty() => url.clone(),
        None => return Vec::new(),
    };
    // No host name of AWS contains such a character, and the rest of the address would name another queue.
    if url.has_unwritable() {
        return Vec::new();
    }
    let (region, path) = match rest.split_once('/') {
        Some((host, path)) => (host.known().and_then(region), Some(path)),
        None => (None, behind_host(&rest)),
    };
    let Some(name) = path.as_ref().and_then(account_and_name).or_else(|| last_segments(&rest)) else {
        return Vec::new();
    };
    vec![match region {
        Some(region) => {
            let mut arn = Pattern::literal(format!("arn:{}:sqs:{region}:", Location::partition_of(&region)));
            arn.push(&name);
            arn
        }
        None => call.arn("arn:{partition}:sqs:{region}:{}", Some(&name), ""),
    }]
}

/// The path after a host that is known only in part, found by the suffixes of AWS's host names.
fn behind_host(rest: &Pattern) -> Option<Pattern> {
    Location::dns_suffixes().find_map(|suffix| Some(rest.split_at(&format!(".{suffix}/"))?.1))
}

/// The region in a host: after `sqs` or `sqs-fips`, for interface endpoints too, or before `queue` in the
/// older form, which without a region is us-east-1.
fn region(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let mut before = None;
    let mut labels = host.split('.');
    while let Some(label) = labels.next() {
        match label {
            "sqs" | "sqs-fips" => {
                return labels.next().filter(|region| region.contains('-')).map(str::to_owned);
            }
            "queue" => return Some(before.unwrap_or("us-east-1").to_owned()),
            _ => before = Some(label),
        }
    }
    None
}

/// `ACCOUNT/NAME` as `ACCOUNT:NAME`. A hole may hold the slash between them, which the wildcard then matches
/// as a colon.
fn account_and_name(path: &Pattern) -> Option<Pattern> {
    if let Some(known) = path.known() {
        let known = known.strip_suffix('/').unwrap_or(known);
        let (rest, name) = known.rsplit_once('/')?;
        let account = rest.rsplit('/').next().unwrap_or(rest);
        let whole = !account.is_empty() && !name.is_empty();
        return whole.then(|| Pattern::literal(format!("{account}:{name}")));
    }
    let mut made = Pattern::default();
    for piece in path.pieces() {
        match piece {
            Piece::Literal(text) => made.push_literal(&text.replace('/', ":")),
            Piece::Wildcard(text, why) => made.push_wildcard(text, why.clone()),
        }
    }
    let colons = made.to_text().matches(':').count();
    (colons <= 1).then_some(made)
}

/// Account and name if nothing is certain of the host: the last two segments, if they exist.
fn last_segments(rest: &Pattern) -> Option<Pattern> {
    let (before, name) = rest.rsplit_once('/').filter(|(_, name)| !name.is_empty())?;
    let account = match before.rsplit_once('/') {
        Some((_, account)) => account,
        None => Pattern::anything(before.reasons().last()?.clone()),
    };
    let mut made = account.then(":");
    made.push(&name);
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::queue;
    use crate::call::testing::{made, text};

    #[test]
    fn urls_become_arns() {
        for (url, arn) in [
            ("https://sqs.eu-west-1.amazonaws.com/111122223333/q", "arn:aws:sqs:eu-west-1:111122223333:q"),
            (
                "https://sqs.us-east-2.amazonaws.com/444455556666/q.fifo/",
                "arn:aws:sqs:us-east-2:444455556666:q.fifo",
            ),
            ("https://sqs.cn-north-1.amazonaws.com.cn/1/q", "arn:aws-cn:sqs:cn-north-1:1:q"),
            ("https://sqs-fips.us-gov-west-1.amazonaws.com/1/q", "arn:aws-us-gov:sqs:us-gov-west-1:1:q"),
            ("https://sqs.eu-central-1.api.aws/1/q", "arn:aws:sqs:eu-central-1:1:q"),
            ("https://sqs-fips.us-east-1.api.aws/1/q", "arn:aws:sqs:us-east-1:1:q"),
            ("https://queue.amazonaws.com/1/Queue", "arn:aws:sqs:us-east-1:1:Queue"),
            ("https://ap-south-1.queue.amazonaws.com/1/q", "arn:aws:sqs:ap-south-1:1:q"),
            ("https://vpce-0a1b-c2d3.sqs.eu-west-3.vpce.amazonaws.com/1/q", "arn:aws:sqs:eu-west-3:1:q"),
            ("http://localhost:4566/1/q", "arn:aws:sqs:eu-west-1:1:q"),
            ("https://sqs.eu-west-2.amazonaws.com/1/q-*", "arn:aws:sqs:eu-west-2:1:q-*"),
            ("https://sqs.eu-west-2.amazonaws.com/*/q", "arn:aws:sqs:eu-west-2:*:q"),
            ("https://sqs.eu-west-2.amazonaws.com/*", "arn:aws:sqs:eu-west-2:*"),
            ("https://sqs.*.amazonaws.com/1/q", "arn:aws:sqs:eu-west-1:1:q"),
            ("https://sqs.*.amazonaws.com/1/q-*", "arn:aws:sqs:eu-west-1:1:q-*"),
            ("https://sqs.*.amazonaws.com/*/q", "arn:aws:sqs:eu-west-1:*:q"),
            ("https://*/1/q", "arn:aws:sqs:eu-west-1:1:q"),
            ("*/1/q", "arn:aws:sqs:eu-west-1:1:q"),
            ("https://*/q", "arn:aws:sqs:eu-west-1:*:q"),
        ] {
            assert_eq!(made(&[], |call| queue(call, &text(url))), [arn], "{url}");
        }
    }

    #[test]
    fn what_is_no_url_of_a_queue_has_no_arn() {
        for url in ["", "q", "https://*", "https://host", "https://host/", "https://host/q", "https://host//"]
        {
            assert!(made(&[], |call| queue(call, &text(url))).is_empty(), "{url}");
        }
    }
}
