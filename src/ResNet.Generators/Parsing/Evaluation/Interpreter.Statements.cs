using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ResNet.Generators.Parsing.Evaluation;

internal sealed partial class Interpreter
{
    /// <summary>The ways in which a statement ends.</summary>
    enum Completion
    {
        Normal,
        Break,
        Continue,
        Return,
    }

    Completion Execute(IOperation statement)
    {
        Step(statement);
        switch (statement)
        {
            case IBlockOperation block:
                return InScope(() => ExecuteAll(block.Operations));
            case IExpressionStatementOperation expression:
                Evaluate(expression.Operation);
                return Completion.Normal;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators)) Declare(declarator);
                return Completion.Normal;
            case IReturnOperation { Kind: OperationKind.Return } result:
                _returned = result.ReturnedValue is { } value ? Evaluate(value) : null;
                return Completion.Return;
            case IConditionalOperation conditional:
                return IsTrue(conditional.Condition) ? InScope(() => Execute(conditional.WhenTrue))
                    : conditional.WhenFalse is { } otherwise ? InScope(() => Execute(otherwise))
                    : Completion.Normal;
            case IForLoopOperation loop:
                return InScope(() => ExecuteFor(loop));
            case IForEachLoopOperation { IsAsynchronous: false } loop:
                return ExecuteForEach(loop);
            case IWhileLoopOperation loop:
                return InScope(() => ExecuteWhile(loop));
            case ISwitchOperation choice:
                return InScope(() => ExecuteSwitch(choice));
            case IBranchOperation { BranchKind: BranchKind.Break }:
                return Completion.Break;
            case IBranchOperation { BranchKind: BranchKind.Continue }:
                return Completion.Continue;
            case ILocalFunctionOperation or IEmptyOperation:
                return Completion.Normal;
            case IThrowOperation thrown:
                throw Thrown(thrown);
            case IInvalidOperation:
                throw new InvalidSourceException();
            default:
                throw NotConstant(statement);
        }
    }

    Completion ExecuteAll(IReadOnlyCollection<IOperation> statements)
    {
        // A local function may be called above its declaration.
        foreach (var function in statements.OfType<ILocalFunctionOperation>())
            if (function.Body is { } body) _scope.Declare(function.Symbol, new Function(function.Symbol, body, _scope));
        foreach (var statement in statements)
        {
            var completion = Execute(statement);
            if (completion != Completion.Normal) return completion;
        }
        return Completion.Normal;
    }

    /// <summary>Executes in a scope of its own. An error ends everything, so the scope around it returns only without one.</summary>
    Completion InScope(Func<Completion> execute)
    {
        var outer = _scope;
        _scope = new(outer, outer.Frame);
        var completion = execute();
        _scope = outer;
        return completion;
    }

    void Declare(IVariableDeclaratorOperation declarator)
    {
        if (declarator.Symbol.IsRef) throw NotConstant(declarator);
        if (declarator.GetVariableInitializer() is { } initializer)
            _scope.Declare(declarator.Symbol, Evaluate(initializer.Value));
        else
            _scope.Declare(declarator.Symbol);
    }

    Completion ExecuteFor(IForLoopOperation loop) => Loop(loop, running =>
    {
        foreach (var before in loop.Before) Execute(before);
        while (loop.Condition is null || IsTrue(loop.Condition))
        {
            if (Ends(running, loop.Body) is { } completion) return completion;
            foreach (var after in loop.AtLoopBottom) Execute(after);
        }
        return Completion.Normal;
    });

    Completion ExecuteWhile(IWhileLoopOperation loop) => Loop(loop, running =>
    {
        while (!loop.ConditionIsTop || IsTrue(loop.Condition!))
        {
            if (Ends(running, loop.Body) is { } completion) return completion;
            if (!loop.ConditionIsTop && !IsTrue(loop.Condition!)) break;
        }
        return Completion.Normal;
    });

    Completion ExecuteForEach(IForEachLoopOperation loop) => Loop(loop, running =>
    {
        foreach (var item in Items(loop.Collection))
        {
            Completion? end = null;
            InScope(() =>
            {
                if (loop.LoopControlVariable is IVariableDeclaratorOperation declarator)
                    _scope.Declare(declarator.Symbol, ConvertTo(loop, item, declarator.Symbol.Type));
                else
                    Writer(loop.LoopControlVariable)(item);
                end = Ends(running, loop.Body);
                return Completion.Normal;
            });
            if (end is { } completion) return completion;
        }
        return Completion.Normal;
    });

    Completion Loop(ILoopOperation loop, Func<RunningLoop, Completion> run)
    {
        var running = new RunningLoop(loop.Syntax);
        _loops.Add(running);
        var completion = run(running);
        _loops.Remove(running);
        return completion;
    }

    /// <summary>Executes a loop's body; returns the end of the loop, or null if it continues.</summary>
    Completion? Ends(RunningLoop running, IOperation body)
    {
        running.Iterations++;
        return InScope(() => Execute(body)) switch
        {
            Completion.Break => Completion.Normal,
            Completion.Return => Completion.Return,
            _ => null,
        };
    }

    Completion ExecuteSwitch(ISwitchOperation choice)
    {
        var value = Evaluate(choice.Value);
        var chosen = choice.Cases.FirstOrDefault(section => section.Clauses.Any(clause => Matches(clause, value)))
            ?? choice.Cases.FirstOrDefault(section => section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation));
        var completion = chosen is null ? Completion.Normal : ExecuteAll(chosen.Body);
        return completion == Completion.Break ? Completion.Normal : completion;
    }

    bool Matches(ICaseClauseOperation clause, object? value) => clause switch
    {
        ISingleValueCaseClauseOperation single => Equals(value, Evaluate(single.Value)),
        IPatternCaseClauseOperation pattern => Matches(pattern.Pattern, value) && (pattern.Guard is null || IsTrue(pattern.Guard)),
        IDefaultCaseClauseOperation => false,
        _ => throw NotConstant(clause),
    };

    /// <summary>An exception of the declaration, with its text where that can be evaluated.</summary>
    DeclarationException Thrown(IThrowOperation thrown)
    {
        var exception = thrown.Exception;
        while (exception is IConversionOperation conversion) exception = conversion.Operand;
        if (exception is not IObjectCreationOperation creation) return NotConstant(thrown);
        var message = creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "message");
        var text = message is null ? null : Evaluate(message.Value) as string;
        return Throws(thrown, creation.Type!.Name, text ?? "the declaration says so");
    }
}
