"""INTERIM."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
import pyarrow as pa, pyarrow.parquet as pq
from daihou.tables import facts
@dataclass(frozen=True, slots=True)
class Facts:
    loans: pa.Table
    demands: pa.Table
    payments: pa.Table
    senders: Mapping[int, str]
def load(files, *, say):
    L,I,M=[pq.read_table(f).to_pylist() for f in files]
    ids={r['assetNumber']:n for n,r in enumerate(L,1)}
    c=lambda x: 0 if x is None else int(x*100)
    lt=pa.Table.from_pylist([dict(loan_id=ids[r['assetNumber']],product='auto_loan_us',customer_id=1,currency='USD',principal=c(r['opening_balance']),disbursed_on=r['booked_on'],status=r['ending'],status_on=r['ended_on'],penalty_rate_nano=0) for r in L],schema=facts.LOANS)
    opened={r['assetNumber']:r['booked_on'] for r in L}
    firsts={}
    for r in I:
        if r['version']>1: firsts.setdefault(r['loan_id'],{}).setdefault(r['version'],(r['seq'],r['effective_on']))
    de=[]
    for n,r in enumerate(I,1):
        end=next((f[1] for v,f in sorted(firsts.get(r['loan_id'],{}).items()) if v>r['version'] and r['seq']>=f[0]),None)
        de.append(dict(loan_id=ids[r['loan_id']],demand_id=n,seq=r['seq'],due_on=r['due_on'],begins_on=r['effective_on'] or opened[r['loan_id']],ends_on=end,principal=c(r['principal']),interest=c(r['interest']),fee=0,paid_principal=0,paid_interest=0,paid_fee=0,paid_penalty=0))
    dt=pa.Table.from_pylist(de,schema=facts.DEMANDS).sort_by([('loan_id','ascending'),('due_on','ascending'),('seq','ascending'),('demand_id','ascending')])
    p=[]
    for r in M:
        for k,s in (('pmt',1),('rec',1),('proceeds',1),('refund',-1)):
            if r[k]: p.append(dict(loan_id=ids[r['assetNumber']],payment_id=len(p),paid_on=r['paid_on'],ends_on=None,amount=s*c(r[k])))
    pt=pa.Table.from_pylist(p,schema=facts.PAYMENTS).sort_by([('loan_id','ascending'),('paid_on','ascending'),('payment_id','ascending')])
    return Facts(lt,dt,pt,{v:k for k,v in ids.items()})
