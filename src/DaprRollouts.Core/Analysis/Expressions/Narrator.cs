namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Tells how a condition came to its outcome: comparisons with the values of both sides in place of what computes them.</summary>
internal sealed class Narrator(Evaluator evaluator)
{
    private const int LongestValue = 60;

    public string Tell(Node node) => node switch
    {
        BinaryNode { Operator: "and" or "&&" or "or" or "||" } both => Both(both),
        BinaryNode { Operator: "==" or "!=" or "<" or "<=" or ">" or ">=" or "in" or "matches" or "contains" or "startsWith" or "endsWith" } comparison =>
            $"{Value(comparison.Left)} {comparison.Operator} {Value(comparison.Right)}",
        UnaryNode { Operator: "!" or "not" } not => $"!({Tell(not.Operand)})",
        _ => Value(node),
    };

    // What is never looked at, because the left side has decided, is left open.
    private string Both(BinaryNode node)
    {
        var decides = node.Operator is "or" or "||";
        var left = Tell(node.Left);
        return evaluator.Evaluate(node.Left) is bool holds && holds == decides
            ? $"{left} {node.Operator} ..."
            : $"{left} {node.Operator} {Tell(node.Right)}";
    }

    private string Value(Node node)
    {
        var text = evaluator.Evaluate(node) is var value && value is double number ? GoFormat.Shortest(number) : GoFormat.Json(value);
        return text.Length <= LongestValue ? text : text[..LongestValue] + "...";
    }
}
