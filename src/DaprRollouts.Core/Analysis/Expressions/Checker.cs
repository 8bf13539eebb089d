namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Checks the types of an expression before it runs. Branches that would never run are checked like all others.</summary>
internal sealed class Checker(IReadOnlyDictionary<string, StaticType> variables)
{
    private readonly Stack<(StaticType Element, string Function)> _predicates = new();
    private readonly Stack<(string Name, StaticType Type)> _locals = new();

    /// <exception cref="ExpressionException">Types do not fit.</exception>
    public StaticType Check(Node node) => node switch
    {
        ConstantNode constant => StaticType.Of(constant.Value),
        NameNode name => Name(name),
        PointerNode pointer => Pointer(pointer),
        UnaryNode unary => Unary(unary),
        BinaryNode binary => OperatorTypes.Check(binary, Check(binary.Left), Check(binary.Right)),
        ChainNode chain => Check(chain.Inner),
        MemberNode member => Member(member),
        SliceNode slice => Slice(slice),
        MethodNode method => Method(method),
        CallNode call => Call(call),
        PredicateNode predicate => Check(predicate.Body),
        ConditionalNode conditional => Conditional(conditional),
        LetNode let => Let(let),
        SequenceNode sequence => sequence.Nodes.Select(Check).ToList()[^1],
        ListNode list => List(list),
        MapNode map => Map(map),
        _ => throw new ExpressionException($"{node.GetType().Name} cannot be checked", node.Position),
    };

    private StaticType Name(NameNode node)
    {
        foreach (var (name, type) in _locals)
        {
            if (name == node.Name)
            {
                return type;
            }
        }

        return node.Name == Expression.EnvironmentName ? StaticType.AnyMap
            : variables.TryGetValue(node.Name, out var known) ? known
            : throw new ExpressionException($"unknown name {node.Name}", node.Position);
    }

    private StaticType Pointer(PointerNode node) => (node.Name, _predicates.Peek().Function) switch
    {
        ("", _) => _predicates.Peek().Element,
        ("index", "map" or "reduce") => StaticType.Whole,
        ("acc", "reduce") => StaticType.Unknown,
        _ => throw new ExpressionException($"unknown pointer #{node.Name}", node.Position),
    };

    private StaticType Unary(UnaryNode node)
    {
        var operand = Check(node.Operand);
        return node.Operator is "!" or "not"
            ? operand.MayBe(ValueKind.Bool) ? StaticType.Bool : throw Mismatch()
            : operand.IsNumber || operand.IsUnknown ? operand : throw Mismatch();

        ExpressionException Mismatch() => new($"invalid operation: {node.Operator} (mismatched type {operand})", node.Position);
    }

    private StaticType Member(MemberNode node)
    {
        var target = Check(node.Target);
        var property = Check(node.Property);
        var name = (node.Property as ConstantNode)?.Value as string;
        switch (target.Kind)
        {
            case ValueKind.Unknown:
                return StaticType.Unknown;
            case ValueKind.Map:
                return property.MayBe(ValueKind.Text)
                    ? target.Element!
                    : throw new ExpressionException($"cannot use {property} to get an element from {target}", node.Property.Position);
            case ValueKind.List when name is null:
                return property.MayBe(ValueKind.Whole)
                    ? target.Element!
                    : throw new ExpressionException($"array elements can only be selected using an integer (got {property})", node.Property.Position);
            case ValueKind.Structure when name is not null:
                return target.Fields!.TryGetValue(name, out var field)
                    ? field
                    : throw new ExpressionException($"there is no field {name}: there are {string.Join(", ", target.Fields.Keys)}", node.Property.Position);
            default:
                throw new ExpressionException(
                    name is null ? $"type {target}[{property}] is undefined" : $"type {target} has no field {name}", node.Property.Position);
        }
    }

    private StaticType Slice(SliceNode node)
    {
        var target = Check(node.Target);
        foreach (var bound in (Node?[])[node.From, node.To])
        {
            if (bound is not null && Check(bound) is var type && !type.MayBe(ValueKind.Whole))
            {
                throw new ExpressionException($"non-integer slice index {type}", bound.Position);
            }
        }

        return target.MayBe(ValueKind.List, ValueKind.Text) ? target : throw new ExpressionException($"cannot slice {target}", node.Position);
    }

    private StaticType Method(MethodNode node)
    {
        var target = Check(node.Target);
        foreach (var argument in node.Arguments)
        {
            Check(argument);
        }

        return target.IsUnknown ? StaticType.Unknown
            : target.Kind is ValueKind.Time or ValueKind.Duration && TimeMethods.Exists(node.Name) ? StaticType.Unknown
            : throw new ExpressionException($"type {target} has no method {node.Name}", node.Position);
    }

    private StaticType Call(CallNode node)
    {
        if (Functions.Find(node.Name) is not { } function || (function.NeedsResult && !variables.ContainsKey(Expression.ResultName)))
        {
            var known = _locals.Any(l => l.Name == node.Name) || variables.ContainsKey(node.Name);
            throw new ExpressionException(known ? $"{node.Name} is not callable" : $"unknown name {node.Name}", node.Position);
        }

        if (node.Arguments.Count < function.Least)
        {
            throw new ExpressionException($"not enough arguments to call {node.Name}", node.Position);
        }

        if (node.Arguments.Count > function.Most)
        {
            throw new ExpressionException($"too many arguments to call {node.Name}", node.Position);
        }

        List<StaticType> types = [];
        for (var i = 0; i < node.Arguments.Count; i++)
        {
            types.Add(node.Arguments[i] is PredicateNode predicate ? Predicate(node, predicate, types[0]) : Check(node.Arguments[i]));
            if (function.Accepts(i, types[i]) is { } problem)
            {
                throw new ExpressionException($"{problem} (calling {node.Name})", node.Arguments[i].Position);
            }
        }

        return function.Result(types);
    }

    private StaticType Predicate(CallNode call, PredicateNode predicate, StaticType list)
    {
        _predicates.Push((list.Element ?? StaticType.Unknown, call.Name));
        var type = Check(predicate.Body);
        _predicates.Pop();
        return !Functions.WantsBool(call.Name) || type.MayBe(ValueKind.Bool)
            ? type
            : throw new ExpressionException($"predicate should return boolean (got {type})", predicate.Position);
    }

    private StaticType Conditional(ConditionalNode node)
    {
        var condition = Check(node.Condition);
        if (!condition.MayBe(ValueKind.Bool))
        {
            throw new ExpressionException($"non-bool expression (type {condition}) used as condition", node.Condition.Position);
        }

        var then = Check(node.Then);
        var otherwise = Check(node.Otherwise);
        return then == otherwise ? then
            : then.Is(ValueKind.Nil) ? otherwise
            : otherwise.Is(ValueKind.Nil) ? then
            : StaticType.Unknown;
    }

    private StaticType Let(LetNode node)
    {
        if (variables.ContainsKey(node.Name) || Functions.Find(node.Name) is not null || _locals.Any(l => l.Name == node.Name))
        {
            throw new ExpressionException($"cannot redeclare {node.Name}", node.Position);
        }

        _locals.Push((node.Name, Check(node.Value)));
        var type = Check(node.Body);
        _locals.Pop();
        return type;
    }

    private StaticType List(ListNode node)
    {
        var types = node.Items.Select(Check).Distinct().ToList();
        return types.Count == 1 ? StaticType.ListOf(types[0]) : StaticType.AnyList;
    }

    private StaticType Map(MapNode node)
    {
        foreach (var (key, value) in node.Entries)
        {
            Check(key);
            Check(value);
        }

        return StaticType.AnyMap;
    }
}
