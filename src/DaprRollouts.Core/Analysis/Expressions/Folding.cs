namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>
/// Decides <c>and</c> and <c>or</c> where one side is a literal. It shows: what stands beside <c>&amp;&amp; false</c> is not evaluated, so that it
/// cannot fail.
/// </summary>
internal static class Folding
{
    public static Node Fold(Node node) => node switch
    {
        BinaryNode { Operator: "and" or "&&" } binary => Decide(binary, decisive: false),
        BinaryNode { Operator: "or" or "||" } binary => Decide(binary, decisive: true),
        UnaryNode { Operator: "not" or "!" } unary when Fold(unary.Operand) is ConstantNode { Value: bool value } => new ConstantNode(!value, node.Position),
        _ => node,
    };

    private static Node Decide(BinaryNode node, bool decisive)
    {
        var left = Fold(node.Left);
        var right = Fold(node.Right);
        return Literal(left) == decisive || Literal(right) == decisive ? new ConstantNode(decisive, node.Position)
            : Literal(left) == !decisive ? right
            : Literal(right) == !decisive ? left
            : left == node.Left && right == node.Right ? node
            : new BinaryNode(node.Operator, left, right, node.Position);
    }

    private static bool? Literal(Node node) => node is ConstantNode { Value: bool value } ? value : null;
}
