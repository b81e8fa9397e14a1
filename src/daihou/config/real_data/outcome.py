"""What became of a loan, told from its payments: repaid, defaulted or still there."""

from daihou.config.real_data.source import SourceLoan

ROUNDING_SLACK = 1000  # ten dollars, in cents
DEFAULT_RUN = 3  # months in a row without a cent


def outcome(loan: SourceLoan) -> str:
    """R repaid, D defaulted, C censored (neither, as far as the file reaches).

    Month 0 is the reporting period itself; months without a figure are left out,
    principal and payments each by themselves. R if the principal collected plus ten
    dollars reaches the smaller of the reporting period's two balances; else D if any
    three consecutive payments are zero; else C. After Lautier, Pozdnyakov and Yan,
    arXiv 2211.09176.
    """
    months = loan.with_month_0()
    principal = sum(m.principal for m in months if m.principal is not None)
    if principal + ROUNDING_SLACK >= min(loan.opening, loan.closing):
        return "R"
    run = 0
    for month in months:
        if month.paid is None:
            continue
        run = run + 1 if month.paid == 0 else 0
        if run == DEFAULT_RUN:
            return "D"
    return "C"


def matches(loans: tuple[SourceLoan, ...]) -> tuple[int, int]:
    """How many loans have exactly the outcome the file gives, of those that have one."""
    given = [loan for loan in loans if loan.outcome]
    return sum(outcome(loan) == loan.outcome for loan in given), len(given)
