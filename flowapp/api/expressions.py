"""Expressions and templates over the API: trying them out, without a workflow."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from flowapp.api.bodies import body_as
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.expressions import EvaluateAnswer, EvaluateBody, Names, RenderAnswer, RenderBody
from flowapp.expressions import Environment, ExpressionError, expression, kind_of, template
from flowapp.http.access import allow
from flowapp.http.errors import problem_json
from flowapp.http.running import flow, reading
from flowapp.kernel import plain
from flowapp.kernel.errors import Problem


def add_to(bp: Blueprint) -> None:
    """Add the calls about expressions and templates."""
    bp.add_url_rule("/expressions/evaluate", view_func=evaluate_expression, methods=["POST"])
    bp.add_url_rule("/templates/render", view_func=render_template, methods=["POST"])


@allow("workflow.view")
@documented(Call(body=EvaluateBody, answer=EvaluateAnswer))
def evaluate_expression() -> Response:
    """Work out an expression. Changes nothing; `today()` is the day in the organisation's time zone."""
    body = body_as(EvaluateBody)
    try:
        asked = expression(body.expression)
        value = asked.evaluate(_names(body), _environment())
        return jsonify({"value": value, "type": kind_of(value), "words": asked.describe()})
    except ExpressionError as error:
        return _refused("expression", error)


@allow("workflow.view")
@documented(Call(body=RenderBody, answer=RenderAnswer))
def render_template() -> Response:
    """Fill in the values of a template. Changes nothing; `today()` is the day in the organisation's time zone."""
    body = body_as(RenderBody)
    try:
        return jsonify({"text": template(body.template).render(_names(body), _environment())})
    except ExpressionError as error:
        return _refused("template", error)


def _names(body: Names) -> dict[str, object]:
    return {"context": body.context, "vars": body.vars, "steps": body.steps}


def _environment() -> Environment:
    return flow().parts.surroundings(reading(), None, flow().clock.now())


def _refused(field: str, error: ExpressionError) -> Response:
    """Answer as for every field that is wrong, and say where in it."""
    problem = Problem(path=field, code=error.code, message=error.message, suggestion=error.suggestion)
    answer = problem_json(422, error.message, (problem,))
    body = plain.load(answer.get_data())
    body["problems"][0] |= {"line": error.line, "column": error.column, "length": error.length}
    answer.set_data(plain.dump(body))
    return answer
