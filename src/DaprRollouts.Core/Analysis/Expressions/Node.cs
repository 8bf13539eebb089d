namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>A part of an expression. A tree cannot grow higher than <see cref="ExpressionLimits.Height"/>, so that walking it is safe.</summary>
internal abstract class Node
{
    protected Node(int position, params ReadOnlySpan<Node?> children)
    {
        Position = position;
        foreach (var child in children)
        {
            Height = Math.Max(Height, child?.Height ?? 0);
        }

        Height++;
        if (Height > ExpressionLimits.Height)
        {
            throw new ExpressionException($"the expression is nested more than {ExpressionLimits.Height} levels deep", position);
        }
    }

    public int Position { get; }

    public int Height { get; }
}

internal sealed class ConstantNode(object? value, int position) : Node(position)
{
    public object? Value { get; } = value;
}

internal sealed class NameNode(string name, int position) : Node(position)
{
    public string Name { get; } = name;
}

/// <summary>The element of a predicate, or its <c>#index</c> or <c>#acc</c>.</summary>
internal sealed class PointerNode(string name, int position) : Node(position)
{
    public string Name { get; } = name;
}

internal sealed class UnaryNode(string op, Node operand, int position) : Node(position, operand)
{
    public string Operator { get; } = op;

    public Node Operand { get; } = operand;
}

internal sealed class BinaryNode(string op, Node left, Node right, int position) : Node(position, left, right)
{
    public string Operator { get; } = op;

    public Node Left { get; } = left;

    public Node Right { get; } = right;
}

internal sealed class MemberNode(Node target, Node property, bool optional, int position) : Node(position, target, property)
{
    public Node Target { get; } = target;

    public Node Property { get; } = property;

    /// <summary>Whether a target that is nil ends the chain with nil.</summary>
    public bool Optional { get; } = optional;
}

internal sealed class SliceNode(Node target, Node? from, Node? to, int position) : Node(position, target, from, to)
{
    public Node Target { get; } = target;

    public Node? From { get; } = from;

    public Node? To { get; } = to;
}

/// <summary>Where an optional member that is nil ends up.</summary>
internal sealed class ChainNode(Node inner, int position) : Node(position, inner)
{
    public Node Inner { get; } = inner;
}

/// <summary>A call of a method.</summary>
internal sealed class MethodNode(Node target, string name, IReadOnlyList<Node> arguments, bool optional, int position)
    : Node(position, [target, .. arguments])
{
    public Node Target { get; } = target;

    public string Name { get; } = name;

    public IReadOnlyList<Node> Arguments { get; } = arguments;

    public bool Optional { get; } = optional;
}

/// <summary>A call of a function; the arguments that are predicates are trees to be evaluated for each element.</summary>
internal sealed class CallNode(string name, IReadOnlyList<Node> arguments, int position) : Node(position, [.. arguments])
{
    public string Name { get; } = name;

    public IReadOnlyList<Node> Arguments { get; } = arguments;
}

internal sealed class PredicateNode(Node body, int position) : Node(position, body)
{
    public Node Body { get; } = body;
}

internal sealed class ConditionalNode(Node condition, Node then, Node otherwise, int position) : Node(position, condition, then, otherwise)
{
    public Node Condition { get; } = condition;

    public Node Then { get; } = then;

    public Node Otherwise { get; } = otherwise;
}

internal sealed class LetNode(string name, Node value, Node body, int position) : Node(position, value, body)
{
    public string Name { get; } = name;

    public Node Value { get; } = value;

    public Node Body { get; } = body;
}

internal sealed class SequenceNode(IReadOnlyList<Node> nodes, int position) : Node(position, [.. nodes])
{
    public IReadOnlyList<Node> Nodes { get; } = nodes;
}

internal sealed class ListNode(IReadOnlyList<Node> items, int position) : Node(position, [.. items])
{
    public IReadOnlyList<Node> Items { get; } = items;
}

internal sealed class MapNode(IReadOnlyList<(Node Key, Node Value)> entries, int position)
    : Node(position, [.. entries.Select(e => e.Key), .. entries.Select(e => e.Value)])
{
    public IReadOnlyList<(Node Key, Node Value)> Entries { get; } = entries;
}
