"""What was signed: parties, outcomes, payments, caps, costs and capital. Frozen values; no time passes here."""

from sib.deal.deal import Deal as Deal
