"""Addresses of technical specifications and contracts."""

from django.urls import path

from noko.web.office import clause, contract, specification, specification_moves

urlpatterns = [
    path("specifications/", specification.specifications, name="specifications"),
    path(
        "cycles/<slug:slug>/specification/new/",
        specification.new_specification,
        name="specification_new",
    ),
    path("specifications/<int:key>/", specification.specification, name="specification"),
    path(
        "specifications/<int:key>/edit/",
        specification.edit_specification,
        name="specification_edit",
    ),
    path(
        "specifications/<int:key>/open/",
        specification_moves.open_specification,
        name="specification_open",
    ),
    path(
        "specifications/<int:key>/close/",
        specification_moves.close_specification,
        name="specification_close",
    ),
    path(
        "specifications/<int:key>/agenda/",
        specification_moves.put_specification_on_agenda,
        name="specification_agenda",
    ),
    path(
        "specifications/<int:key>/approve/",
        specification_moves.approve_specification,
        name="specification_approve",
    ),
    path(
        "specifications/<int:key>/tehzadanie.<slug:kind>",
        specification.specification_file,
        name="specification_file",
    ),
    path("specifications/<int:key>/contract/", contract.new_contract, name="contract_new"),
    path("clauses/<int:key>/edit/", clause.edit_clause, name="clause_edit"),
    path("clauses/<int:key>/propose/", clause.propose, name="clause_propose"),
    path("clauses/proposals/<int:key>/", clause.proposal, name="clause_proposal"),
    path("clauses/proposals/<int:key>/withdraw/", clause.withdraw, name="clause_proposal_withdraw"),
    path("contracts/<int:key>/", contract.contract, name="contract"),
    path("contracts/<int:key>/edit/", contract.edit_contract, name="contract_edit"),
    path("contracts/<int:key>/priemka.json", contract.demand_file, name="contract_demand"),
    path(
        "contracts/<int:key>/datasets/<int:number>/",
        contract.contract_delivery,
        name="contract_delivery",
    ),
    path(
        "contracts/<int:key>/datasets/<int:number>/sverka.<slug:kind>",
        contract.delivery_file,
        name="contract_delivery_file",
    ),
]
