"""The IAM prefix of a service."""


def prefix(service, tables, sources):
    """The table's answer, else the signing name, else the endpoint prefix; None when no rule fits."""
    chosen = tables.prefixes["chosen"].get(service.segment)
    if chosen:
        return chosen
    for name in (service.metadata.get("signingName"), service.metadata["endpointPrefix"]):
        if name in sources.actions:
            return name
    return None
