"""Addresses of the desk, of cases and of the floor."""

from django.urls import path

from daihou.rooms.casework import (
    views_cases,
    views_desk,
    views_floor,
    views_plan,
    views_queues,
)

patterns = [
    path("desk/", views_desk.desk, name="desk"),
    path("desk/day/", views_desk.day, name="day"),
    path("desk/list/", views_desk.worklist, name="list"),
    path("desk/take/", views_desk.take, name="take"),
    path("desk/keep/", views_desk.keep, name="keep"),
    path("desk/<str:number>/ask/", views_desk.ask, name="ask"),
    path("desk/<str:number>/save/", views_desk.save, name="save"),
    path("desk/<str:number>/undo/", views_desk.undo, name="undo"),
    path("desk/<str:number>/draft/", views_desk.draft, name="draft"),
    path("desk/<str:number>/pulse/", views_desk.pulse, name="pulse"),
    path("desk/<str:number>/terms/", views_desk.terms, name="terms"),
    path("desk/<str:number>/due/", views_desk.due, name="due"),
    path("desk/<str:number>/over/", views_desk.over, name="over"),
    path("desk/<str:number>/pass/", views_desk.pass_over, name="pass_over"),
    path("desk/<str:number>/hold/", views_desk.hold, name="hold"),
    path("desk/<str:number>/escalate/", views_desk.escalate, name="escalate"),
    path("desk/<str:number>/disagree/", views_desk.disagree, name="disagree"),
    path("cases/", views_cases.listing, name="cases"),
    path("cases/bulk/", views_cases.bulk, name="bulk"),
    path("cases/queues/", views_queues.queues, name="queues"),
    path("cases/queues/<str:code>/", views_queues.save_queue, name="save_queue"),
    path("cases/queues/<str:code>/share/", views_queues.share, name="share"),
    path(
        "cases/queues/<str:code>/share-out/", views_queues.share_out, name="share_out"
    ),
    path("cases/seats/<str:login>/", views_queues.save_seat, name="save_seat"),
    path("cases/<str:number>/", views_cases.case, name="case"),
    path(
        "cases/<str:number>/release/<int:hold_id>/", views_cases.release, name="release"
    ),
    path("cases/<str:number>/assign/", views_cases.assign, name="assign"),
    path("cases/<str:number>/close/", views_cases.close, name="close"),
    path("cases/<str:number>/together/", views_plan.together, name="together"),
    path("cases/<str:number>/plan/<str:do>/", views_plan.plan, name="plan"),
    path("floor/", views_floor.floor, name="floor"),
    path("floor/move/", views_floor.move, name="move"),
    path("floor/undo/<int:batch_id>/", views_floor.undo, name="undo_batch"),
    path("floor/bulletin/", views_floor.bulletin, name="bulletin"),
    path("floor/agenda/", views_floor.agenda, name="agenda"),
]
