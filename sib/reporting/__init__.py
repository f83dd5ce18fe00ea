"""Reports: one notebook run with papermill for each case, rendered to one HTML file."""

from sib.reporting.page import report as report
from sib.reporting.writing import Reported as Reported
from sib.reporting.writing import report_many as report_many
