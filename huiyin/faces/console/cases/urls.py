"""Addresses about cases."""

from django.urls import path

from huiyin.faces.console.cases import attaching, beside, intake, ledger, listing, page, secret, sheet, together

URLS = [
    path("register", intake.register, name="register"),
    path("register/household", beside.household, name="register-household"),
    path("register/similar", beside.similar, name="register-similar"),
    path("registered/<str:number>", intake.registered, name="registered"),
    path("cases", listing.queue, name="queue"),
    path("cases/ledger", ledger.ledger, name="ledger"),
    path("cases/news", listing.news, name="queue-news"),
    path("statements", listing.statements, name="statements"),
    path("suggestions", listing.suggestions, name="suggestions"),
    path("cases/together", together.together, name="cases-together"),
    path("cases/together/undo", together.undo, name="cases-together-undo"),
    path("cases/print", together.print_cases, name="cases-print"),
    path("cases/export", sheet.export, name="cases-export"),
    path("cases/<str:number>", page.case, name="case"),
    path("cases/<str:number>/print", page.print_case, name="case-print"),
    path("cases/<str:number>/undo", page.undo, name="case-undo"),
    path("cases/<str:number>/words", page.write, name="case-words"),
    path("cases/<str:number>/unmask/<str:field>", page.unmask, name="case-unmask"),
    path("cases/<str:number>/secret", secret.open_secret, name="case-secret"),
    path("cases/<str:number>/files", attaching.add, name="case-files"),
    path("cases/<str:number>/files/<uuid:file>", attaching.open_file, name="case-file"),
    path("cases/<str:number>/files/<uuid:file>/small", attaching.open_small, name="case-file-small"),
    path("cases/<str:number>/files/<uuid:file>/remove", attaching.remove, name="case-file-remove"),
    path("cases/<str:number>/files/<uuid:file>/secret", attaching.open_secret_file, name="case-secret-file"),
    path("cases/<str:number>/moves/<str:move>", page.move, name="case-move"),
]
