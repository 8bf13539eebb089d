namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Evaluates a tree, within the limits of <see cref="ExpressionLimits"/>.</summary>
internal sealed class Evaluator(IReadOnlyDictionary<string, object?> variables, object? result, DateTimeOffset now)
{
    private readonly Stack<Element> _elements = new();
    private readonly Stack<(string Name, object? Value)> _locals = new();
    private long _steps;
    private long _memory;

    /// <summary>The whole result, which <c>isNil</c> and <c>default</c> look at.</summary>
    public object? Result => result;

    public DateTimeOffset Now => now;

    /// <exception cref="ExpressionException">It has no value.</exception>
    public object? Evaluate(Node node)
    {
        Charge(1, node);
        return node switch
        {
            ConstantNode constant => constant.Value,
            NameNode name => Name(name),
            PointerNode pointer => Pointer(pointer),
            UnaryNode unary => Unary(unary),
            BinaryNode binary => Binary(binary),
            ChainNode chain => Chain(chain),
            MemberNode member => Member(member),
            SliceNode slice => Slice(slice),
            MethodNode method => Method(method),
            CallNode call => Functions.Find(call.Name)!.Invoke(new Invocation(this, call)),
            ConditionalNode conditional => Evaluate(Bool(conditional.Condition) ? conditional.Then : conditional.Otherwise),
            LetNode let => Let(let),
            SequenceNode sequence => Sequence(sequence),
            ListNode list => (object?[])[.. list.Items.Select(Evaluate)],
            MapNode map => Map(map),
            _ => throw new ExpressionException($"{node.GetType().Name} cannot be evaluated", node.Position),
        };
    }

    /// <summary>The value of a predicate for one element.</summary>
    public object? Evaluate(Node body, object? element, int index, object? accumulated)
    {
        _elements.Push(new Element(element, index, accumulated));
        var value = Evaluate(body);
        _elements.Pop();
        return value;
    }

    /// <summary>Counts work, and ends the evaluation when it is too much.</summary>
    public void Charge(long steps, Node at)
    {
        _steps += steps;
        if (_steps > ExpressionLimits.Steps)
        {
            throw new ExpressionException($"the evaluation takes more than {ExpressionLimits.Steps} steps", at.Position);
        }
    }

    /// <summary>Counts new elements of lists and characters of texts, and ends the evaluation when there are too many.</summary>
    public void Allocate(long size, Node at)
    {
        _memory += size;
        if (_memory > ExpressionLimits.Memory)
        {
            throw new ExpressionException($"memory budget exceeded: the evaluation makes more than {ExpressionLimits.Memory} elements or characters", at.Position);
        }
    }

    private object? Name(NameNode node)
    {
        foreach (var (name, value) in _locals)
        {
            if (name == node.Name)
            {
                return value;
            }
        }

        return node.Name == Expression.EnvironmentName ? variables : variables[node.Name];
    }

    private object? Pointer(PointerNode node)
    {
        var element = _elements.Peek();
        return node.Name switch { "index" => (long)element.Index, "acc" => element.Accumulated, _ => element.Value };
    }

    private object? Unary(UnaryNode node)
    {
        if (node.Operator is "!" or "not")
        {
            return !Bool(node.Operand);
        }

        var value = Evaluate(node.Operand);
        return value switch
        {
            long number => node.Operator == "-" ? unchecked(-number) : number,
            double number => node.Operator == "-" ? -number : number,
            _ when node.Operator == "+" => value,
            _ => throw new ExpressionException($"invalid operation: {node.Operator}{Values.TypeName(value)}", node.Position),
        };
    }

    private object? Binary(BinaryNode node)
    {
        switch (node.Operator)
        {
            case "and" or "&&":
                return Bool(node.Left) ? Evaluate(node.Right) : false;
            case "or" or "||":
                return Bool(node.Left) ? true : Evaluate(node.Right);
            case "??":
                return Coalesce(node);
            default:
                var left = Evaluate(node.Left);
                var right = Evaluate(node.Right);
                Charge(Values.Weight(left) + Values.Weight(right), node);
                return Operations.Apply(this, node, left, right);
        }
    }

    private object? Coalesce(BinaryNode node) => Evaluate(node.Left) ?? Evaluate(node.Right);

    private object? Chain(ChainNode node)
    {
        try
        {
            return Evaluate(node.Inner);
        }
        catch (ChainEnded)
        {
            return null;
        }
    }

    private object? Member(MemberNode node)
    {
        var target = Evaluate(node.Target);
        if (target is null && node.Optional)
        {
            throw new ChainEnded();
        }

        return Values.Fetch(target, Evaluate(node.Property), node.Property.Position);
    }

    private object? Method(MethodNode node)
    {
        var target = Evaluate(node.Target);
        if (target is null && node.Optional)
        {
            throw new ChainEnded();
        }

        return TimeMethods.Call(target, node.Name, [.. node.Arguments.Select(Evaluate)], node.Position);
    }

    private object? Slice(SliceNode node)
    {
        var target = Evaluate(node.Target);
        var from = node.From is null ? 0 : Values.Integer(Evaluate(node.From), node.Position);
        var to = node.To is null ? long.MaxValue : Values.Integer(Evaluate(node.To), node.Position);
        var size = target switch
        {
            string text => text.Length,
            IReadOnlyList<object?> list => list.Count,
            _ => throw new ExpressionException($"cannot slice {Values.TypeName(target)}", node.Position),
        };
        var end = (int)Math.Clamp(to < 0 ? size + to : to, 0, size);
        var start = (int)Math.Clamp(from < 0 ? size + from : from, 0, end);
        Allocate(end - start, node);
        return target is string whole ? whole[start..end] : (object?[])[.. ((IReadOnlyList<object?>)target!).Skip(start).Take(end - start)];
    }

    private object? Let(LetNode node)
    {
        _locals.Push((node.Name, Evaluate(node.Value)));
        var value = Evaluate(node.Body);
        _locals.Pop();
        return value;
    }

    private object? Sequence(SequenceNode node)
    {
        object? value = null;
        foreach (var part in node.Nodes)
        {
            value = Evaluate(part);
        }

        return value;
    }

    private Dictionary<string, object?> Map(MapNode node)
    {
        Dictionary<string, object?> map = [];
        foreach (var (key, value) in node.Entries)
        {
            map[GoFormat.Default(Evaluate(key))] = Evaluate(value);
        }

        return map;
    }

    private bool Bool(Node node) => Evaluate(node) switch
    {
        bool value => value,
        var other => throw new ExpressionException($"expected bool, but got {Values.TypeName(other)}", node.Position),
    };

    /// <summary>An optional member met nil: the whole chain is nil.</summary>
    private sealed class ChainEnded : Exception;

    private readonly record struct Element(object? Value, int Index, object? Accumulated);
}
