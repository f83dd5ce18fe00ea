"""Where a number of the appraisal comes from: the flow, the rule, the term or assumption, its source and its grade."""

from sib.explanation.explaining import Explainer as Explainer
from sib.explanation.explaining import explain as explain
from sib.explanation.values import Explanation as Explanation
